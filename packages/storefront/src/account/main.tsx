import { render } from 'preact';
import '../shop/shop.css';
import { AccountPage } from './account-page.tsx';

render(<AccountPage />, document.getElementById('page') as HTMLElement);
