// The language switcher: remember the choice for the root page, and keep the anchor the reader is at.
(() => {
  const keepAnchor = (link) => {
    link.hash = location.hash;
  };
  const remember = (language) => {
    try {
      localStorage.setItem("mlc-language", language);
    } catch {
      // Storage may be forbidden; the link still works.
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    const links = document.querySelectorAll(".mlc-language a");
    const update = () => links.forEach(keepAnchor);
    links.forEach((link) => {
      link.addEventListener("click", () => {
        remember(link.hreflang);
        keepAnchor(link);
      });
    });
    window.addEventListener("hashchange", update);
    update();
  });
})();
