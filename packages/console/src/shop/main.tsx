import { render } from 'preact';
import '../shared/styles.css';
import './shop.css';
import { Storefront } from './storefront.tsx';

render(<Storefront />, document.getElementById('page') as HTMLElement);
