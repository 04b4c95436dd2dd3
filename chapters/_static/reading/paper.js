// Printing: folded answers open and colours light while the page is on paper, as before afterwards.
export function preparePaper() {
  let restore = () => {};
  addEventListener("beforeprint", () => {
    const root = document.documentElement;
    const theme = root.dataset.theme;
    const folded = [...document.querySelectorAll("article details:not([open])")];
    root.dataset.theme = "light";
    folded.forEach((each) => (each.open = true));
    restore = () => {
      root.dataset.theme = theme;
      folded.forEach((each) => (each.open = false));
    };
  });
  addEventListener("afterprint", () => restore());
}
