import { useRoute } from '@fissile/console';
import { render } from 'preact';
import { Staff } from '../staff/staff.tsx';
import './shop.css';
import { Storefront } from './storefront.tsx';

function ShopPage() {
  const [section] = useRoute();
  return section === 'staff' ? <Staff /> : <Storefront />;
}

render(<ShopPage />, document.getElementById('page') as HTMLElement);
