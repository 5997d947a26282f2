/** The mark alone; decorative, because the name stands beside it wherever it is used. Also `public/favicon.svg`. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f6b7d" />
      <g fill="none" stroke="#fff" strokeWidth="2">
        <path d="M16 5.2c2 2.6 3 4.4 3 5.9a3 3 0 0 1-6 0c0-1.5 1-3.3 3-5.9z" fill="#fff" stroke="none" />
        <ellipse cx="16" cy="20.5" rx="4.6" ry="2.3" />
        <ellipse cx="16" cy="20.5" rx="11" ry="5.8" opacity="0.7" />
      </g>
    </svg>
  );
}
