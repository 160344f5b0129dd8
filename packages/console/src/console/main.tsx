import { render } from 'preact';
import '../shared/styles.css';
import './console.css';
import './telemetry.css';
import { Console } from './console.tsx';

render(<Console />, document.getElementById('page') as HTMLElement);
