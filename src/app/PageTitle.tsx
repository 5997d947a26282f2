/** The browser tab's title while this is mounted. React moves the element into the head. */
export function PageTitle({ children }: { children: string }) {
  return <title>{children === "" ? "Ripple" : `${children} · Ripple`}</title>;
}
