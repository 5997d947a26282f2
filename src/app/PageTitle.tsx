/** The browser tab's title while this is mounted. React puts it before the one of `index.html`. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} · Ripple`}</title>;
}
