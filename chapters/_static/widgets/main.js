// Mounts the interactive pieces of a page. Each is a div.mlc-widget with its data in a script element and a plain
// text for readers without scripts; its drawing code is loaded when it comes near the screen.
import { language, readData } from "./dom.js";

/** Give back the room that was kept and not used, where the text below is out of sight and nothing seems to move. */
function release(root) {
  const kept = root.style.minHeight;
  root.style.minHeight = "";
  if (root.getBoundingClientRect().bottom < window.innerHeight) root.style.minHeight = kept;
}

/** The function that draws a kind of widget. The site's build puts its bundles in this place, see mlc_course.site.build.script_modules. */
const drawer = async (name) => (await import(`./${name}.js`)).default;

async function mount(root) {
  const plain = root.querySelector(".mlc-widget-plain");
  try {
    const data = readData(root);
    const draw = await drawer(root.dataset.widget);
    const stage = document.createElement("div");
    stage.className = "mlc-widget-stage";
    root.append(stage);
    await draw(stage, data, language());
    plain?.setAttribute("hidden", "");
    root.dataset.state = "drawn";
    release(root);
  } catch (error) {
    // The plain text stays; the reason is for whoever looks for it.
    root.querySelector(".mlc-widget-stage")?.remove();
    root.dataset.state = "failed";
    console.error(`widget ${root.dataset.widget}:`, error);
  }
}

function watch(roots) {
  if (!("IntersectionObserver" in window)) {
    roots.forEach(mount);
    return;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        observer.unobserve(entry.target);
        mount(entry.target);
      }
    },
    { rootMargin: "600px" },
  );
  roots.forEach((root) => observer.observe(root));
  // Paper has no scrolling: draw everything before printing.
  window.addEventListener("beforeprint", () => roots.filter((root) => !root.dataset.state).forEach(mount));
}

watch([...document.querySelectorAll(".mlc-widget[data-widget]")]);
