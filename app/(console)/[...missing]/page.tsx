// Any other address: answered inside of the console's frame, with status 404.
import { notFound } from 'next/navigation';

export default function MissingPage() {
  notFound();
}
