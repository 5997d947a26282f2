// The key and the attribute are Mantine's; the page's own provider takes over from here.
(function (page) {
  let choice = "auto";
  try {
    choice = page.localStorage.getItem("mantine-color-scheme-value") || "auto";
  } catch (error) {
    console.warn("The chosen theme could not be read; the system's is used.", error);
  }
  const dark =
    choice === "dark" || (choice !== "light" && page.matchMedia("(prefers-color-scheme: dark)").matches);
  page.document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})(globalThis);
