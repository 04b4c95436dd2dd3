// On narrow screens the contents lie in drawers: a choice closes them, or the place chosen would stay hidden.
export function closeDrawersAfterChoice() {
  for (const drawer of document.querySelectorAll("#pst-primary-sidebar-modal, #pst-secondary-sidebar-modal")) {
    drawer.addEventListener("click", (event) => {
      if (event.target.closest("a[href*='#']")) drawer.close();
    });
  }
}
