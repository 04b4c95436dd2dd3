// The language switcher: remember the choice for the root page, and keep the place, the query, what is unfolded, and the
// steps of widgets. Both languages have the same sections with the same addresses, and the same blocks in them.
(() => {
  const KEY = "mlc-place-kept";
  const LEFT = `mlc-place-left:${location.pathname}`;
  // What stands higher than this is read already or lies under the bar; what stands below the second is not yet read.
  const TOP = 60;
  const READ_TO = 0.6;
  // Milliseconds after loading in which what was drawn late does not move the place.
  const HOLD = 1500;

  const page = () => location.pathname.split("/").pop() || "index.html";
  const headingOf = (section) => section.querySelector("h1, h2, h3, h4");
  const sections = () => [...document.querySelectorAll("article section[id]")].filter((section) => headingOf(section)?.parentElement === section);
  const top = (element) => element.getBoundingClientRect().top;

  /** The place the reader is at: a section, and in it a heading or a block, with its distance from the window's top. */
  const placeNow = () => {
    if (scrollY < 1) return { id: "", block: -1, offset: 0 };
    const all = sections();
    const seen = all.find((section) => top(headingOf(section)) >= TOP - 30 && top(headingOf(section)) < innerHeight * READ_TO);
    if (seen) return { id: seen.id, block: -1, offset: top(headingOf(seen)) };
    const section = all.filter((each) => top(headingOf(each)) < TOP).pop();
    if (!section) return { id: "", block: -1, offset: 0 };
    const blocks = [...section.children];
    const block = Math.max(0, blocks.findIndex((each) => each.getBoundingClientRect().bottom > TOP));
    const { top: at, height } = blocks[block].getBoundingClientRect();
    // Of a block that begins above the window, the part that is above counts: a translation is shorter or longer.
    return { id: section.id, block, count: blocks.length, offset: at, above: at < TOP && height ? (TOP - at) / height : 0 };
  };

  const goTo = (place) => {
    if (!place.id) {
      scrollTo({ top: 0, behavior: "instant" });
      return;
    }
    const section = document.getElementById(place.id);
    if (!section) return;
    const blocks = [...section.children];
    let wanted = top(headingOf(section)) - place.offset;
    if (place.block >= 0 && blocks.length) {
      const block = blocks[Math.min(blocks.length - 1, Math.round((place.block * blocks.length) / place.count))];
      const { top: at, height } = block.getBoundingClientRect();
      wanted = place.above ? at + place.above * height - TOP : at - place.offset;
    }
    scrollBy({ top: wanted, behavior: "instant" });
  };

  const folds = () => [...document.querySelectorAll("article details")];
  const dials = () => [...document.querySelectorAll("article .mlc-widget")].map((widget) => [...widget.querySelectorAll("input[type=range], select")]);

  const keep = () => {
    const state = { page: page(), place: placeNow(), open: folds().map((each) => each.open), dials: dials().map((all) => all.map((each) => each.value)) };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(state));
      // For the button "back": what is drawn later changes heights, and the browser's own memory would be of another place.
      // (The history's state is no place for it: Sphinx's highlighter empties that on every page.)
      sessionStorage.setItem(LEFT, JSON.stringify(state.place));
      history.scrollRestoration = "manual";
    } catch {
      // Storage may be forbidden: then the address alone leads to the section.
    }
    return state.place;
  };

  /** What was stored under a key, once. */
  const take = (key) => {
    try {
      const stored = JSON.parse(sessionStorage.getItem(key));
      sessionStorage.removeItem(key);
      return stored;
    } catch {
      return null;
    }
  };

  /** Set what a widget is set to, as soon as it is drawn; only what differs, or the widget would work for nothing. */
  const turn = (dialsOfOne, values) => {
    if (dialsOfOne.length !== values.length) return;
    dialsOfOne.forEach((dial, i) => {
      if (dial.value === values[i]) return;
      dial.value = values[i];
      for (const kind of ["input", "change"]) dial.dispatchEvent(new Event(kind, { bubbles: true }));
    });
  };
  const turnWhenDrawn = (widget, values) => {
    if (!values?.length) return;
    const now = () => turn([...widget.querySelectorAll("input[type=range], select")], values);
    if (widget.dataset.state === "drawn") return now();
    const watch = new MutationObserver(() => {
      if (widget.dataset.state !== "drawn") return;
      watch.disconnect();
      now();
    });
    watch.observe(widget, { attributes: true, attributeFilter: ["data-state"] });
  };

  /** Stay at a place while pictures, fonts and widgets still move what is below them, until the reader moves or all is there. */
  const hold = (place) => {
    let isHeld = true;
    const release = () => (isHeld = false);
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, release, { once: true, passive: true });
    const again = () => isHeld && goTo(place);
    again();
    addEventListener("load", () => {
      history.scrollRestoration = "auto";
      for (let passed = 0; passed <= HOLD; passed += 100) setTimeout(again, passed);
      setTimeout(release, HOLD + 50);
    });
  };

  const restore = (state) => {
    const all = folds();
    if (all.length === state.open.length) all.forEach((each, i) => (each.open = state.open[i]));
    const widgets = [...document.querySelectorAll("article .mlc-widget")];
    if (widgets.length === state.dials.length) widgets.forEach((widget, i) => turnWhenDrawn(widget, state.dials[i]));
    hold(state.place);
  };

  const remember = (language) => {
    try {
      localStorage.setItem("mlc-language", language);
    } catch {
      // As above.
    }
  };

  // Back and forward are no switch: they return to where the reader was on that page.
  const isReturn = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

  document.addEventListener("DOMContentLoaded", () => {
    const links = document.querySelectorAll(".mlc-language a");
    const isSearch = document.querySelector(".bd-search-container") !== null;
    const update = () => {
      for (const link of links) {
        link.hash = location.hash;
        if (isSearch) link.search = location.search;
      }
    };
    for (const link of links) {
      link.addEventListener("click", (event) => {
        remember(link.hreflang);
        update();
        if (isSearch) return;
        if (event.ctrlKey || event.metaKey || event.shiftKey) link.hash = placeNow().id;
        else link.hash = keep().id;
      });
      link.addEventListener("auxclick", () => !isSearch && (link.hash = placeNow().id));
    }
    addEventListener("hashchange", update);
    addEventListener("mlc-address", update);
    update();
    const [state, left] = [take(KEY), take(LEFT)];
    if (isReturn && left) hold(left);
    else if (!isReturn && state?.page === page()) restore(state);
  });
})();
