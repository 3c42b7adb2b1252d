/** The code that a new transformation begins with: it changes nothing. */
export const STARTER = `// request has body, headers, query, path and method as they came in; context.env has the values that you keep.
addHandler("transform", (request, context) => {
  return request;
});
`;
