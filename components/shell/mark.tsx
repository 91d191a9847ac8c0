// The product's mark: a span of land between two shores. Decorative; the name stands beside it.
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <path d="M2 17h20M4 17v-5M20 17v-5" className="stroke-text" />
      <path d="M4 12c4 0 5-5 8-5s4 5 8 5" className="stroke-accent" />
    </svg>
  );
}
