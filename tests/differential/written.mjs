/** The body of an answer with all that its model declares, as the API writes it; lists have two items. */
export function written(model) {
  return JSON.stringify(objectOf(model, 1));
}

function objectOf({ properties }, number) {
  return Object.fromEntries(properties.map((property) => [property.name, valueOf(property, number)]));
}

function valueOf({ name, shape, of }, number) {
  switch (shape) {
    case "Many":
      return [objectOf(of, number), objectOf(of, number + 1)];
    case "One":
      return objectOf(of, number);
    case "Flag":
      return number % 2 === 0;
    case "Date":
      return `2026-01-31T12:00:0${number}Z`;
    case "Id":
      return String(1000 + number);
    case "Address":
      return `https://api.thousandeyes.com/v7/${number}`;
    default:
      return `${name} ${number}`;
  }
}
