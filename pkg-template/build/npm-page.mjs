/**
 * The README of the package, which npm shows: `{{Errors}}` on a line of its own stands for that section of the project's
 * README, `{{introduction}}` for what comes before its first section.
 *
 * @param {string} template
 * @param {string} readme
 */
export function npmPage(template, readme) {
  const [introduction, ...sections] = readme.split(/^(?=## )/m);
  return template.replace(/^\{\{(.+)\}\}$/gm, (_place, heading) => {
    const found = sections.find((section) => section.startsWith(`## ${heading}\n`));
    const text = heading === "introduction" ? introduction : found;
    if (text === undefined) throw new Error(`README.md has no section "${heading}", which pkg-template/README.md needs.`);
    return text.trimEnd();
  });
}
