// Pages read the same without this. A box that scrolls can be scrolled with keys, and shows that it goes on.
addEventListener("load", () => {
  const all = document.querySelectorAll("table.dataframe, .cell_output, .picture, .main-figure, pre, .pst-scrollable-table-container");
  const fade = (box) => box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  const boxes = () => {
    for (const box of all) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
      fade(box);
    }
  };
  all.forEach((box) => box.addEventListener("scroll", () => fade(box), { passive: true }));
  boxes();
  addEventListener("resize", boxes);
  document.addEventListener("toggle", boxes, true);
});

// One button opens or folds all code of a notebook.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("all-code");
  const boxes = document.querySelectorAll(".cell details.hide");
  if (!button || !boxes.length) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    boxes.forEach((box) => { box.open = open; });
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? button.dataset.hide : button.dataset.show;
  });
});
