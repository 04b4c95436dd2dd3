// On narrow screens the contents lie in drawers: a choice closes them, or the place chosen would stay hidden.
export function closeDrawersAfterChoice() {
  for (const drawer of document.querySelectorAll("#pst-primary-sidebar-modal, #pst-secondary-sidebar-modal")) {
    drawer.addEventListener("click", (event) => {
      if (event.target.closest("a[href*='#']")) drawer.close();
    });
  }
}

/** On narrow screens the drawer of the course's contents shows all levels: unfolding is no work for a thumb. */
export function unfoldContents() {
  if (!matchMedia("(max-width: 991.98px)").matches) return;
  for (const each of document.querySelectorAll(".bd-docs-nav details")) each.open = true;
}
