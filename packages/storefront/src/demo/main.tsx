import { render } from 'preact';
import '../shop/shop.css';
import './demo.css';
import { DemoPage } from './demo-page.tsx';

render(<DemoPage />, document.getElementById('page') as HTMLElement);
