// One button opens or folds all code of a notebook; pages read the same without it.
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
