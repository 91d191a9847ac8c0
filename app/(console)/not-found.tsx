// Inside of the console's frame: a name in the address that nothing could have.
import { NotFoundView } from '@/components/shell/not-found-view';

export default NotFoundView;
