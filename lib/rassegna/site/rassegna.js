// On a phone a table with long text is read row by row (see the style sheet).
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.dataframe:not(.prose):has(td:nth-child(3))")) {
    const cells = [...table.querySelectorAll("tbody td")];
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    cells.forEach((cell) => { cell.dataset.head = heads[cell.cellIndex]; });
    table.classList.toggle("by-row", cells.some((cell) => cell.textContent.length > 40));
  }
});

// Pages read the same without this. A box that scrolls can be scrolled with keys, and shows that it goes on.
addEventListener("load", () => {
  const all = document.querySelectorAll("table.dataframe, .cell_output, .picture, .main-figure, pre, .pst-scrollable-table-container");
  const fade = (box) => box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  const goesOn = (box) => box.scrollWidth > box.clientWidth;
  const boxes = () => {
    for (const box of all) {
      box.classList.remove("tight");
      box.classList.toggle("tight", goesOn(box));
      if (goesOn(box)) box.classList.remove("tight");
      if (goesOn(box)) box.tabIndex = 0;
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
