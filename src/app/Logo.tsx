/** The mark alone; decorative, because the name stands beside it wherever it is used. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f6b7d" />
      <g fill="none" stroke="#fff" strokeLinecap="round">
        <circle cx="11" cy="21" r="2.2" fill="#fff" stroke="none" />
        <path d="M11 14.2a6.8 6.8 0 0 1 6.8 6.8" strokeWidth="2.4" />
        <path d="M11 8a13 13 0 0 1 13 13" strokeWidth="2.4" opacity="0.62" />
      </g>
    </svg>
  );
}
