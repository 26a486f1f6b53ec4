/// What sorts and filters the table of all rows.
enum PageScript {
  static let source = """
    "use strict";
    (() => {
      const table = document.getElementById("rows");
      if (!table) return;
      const body = table.tBodies[0];
      const rows = [...body.rows];
      const headings = [...table.tHead.rows[0].cells];

      // Numbers by value, words by name; what is missing comes last either way.
      function key(row, column) {
        const cell = row.cells[column];
        if (cell.dataset.value === undefined) return cell.textContent;
        return cell.dataset.value === "" ? null : Number(cell.dataset.value);
      }
      function compare(left, right, sign) {
        if (left === null || right === null) return (left === null) - (right === null);
        if (typeof left === "number") return sign * (left - right);
        return sign * left.localeCompare(right, "en", { numeric: true });
      }
      headings.forEach((heading, column) => {
        heading.querySelector("button").addEventListener("click", () => {
          const ascending = heading.getAttribute("aria-sort") !== "ascending";
          headings.forEach((other) => other.removeAttribute("aria-sort"));
          heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
          rows.sort((a, b) => compare(key(a, column), key(b, column), ascending ? 1 : -1));
          body.append(...rows);
        });
      });

      const form = document.getElementById("filters");
      const text = document.getElementById("filter-text");
      const choices = ["model", "phase", "kind"].map((name) => document.getElementById("filter-" + name));
      const count = document.getElementById("count");
      function filter() {
        const words = text.value.toLowerCase().split(/\\s+/);
        let shown = 0;
        for (const row of rows) {
          const content = row.textContent.toLowerCase();
          row.hidden = !(words.every((word) => content.includes(word))
            && choices.every((choice, column) =>
              choice.value === "" || row.cells[column].textContent === choice.value));
          if (!row.hidden) shown += 1;
        }
        count.textContent = `${shown} of ${rows.length} rows`;
      }
      form.addEventListener("input", filter);
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("reset", () => setTimeout(filter));
      filter();
    })();

    """
}
