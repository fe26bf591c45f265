/** What a sound API answers to a request: enough for a good call. For the server as for injected fetches. */
export function goodAnswer(method, pathname) {
  const id = pathname.split("/").at(-1);
  const user = { uid: id === "users" ? "9" : id, name: "Ada Example", email: "ada.example@example.com" };
  if (method === "DELETE") return { status: 204 };
  if (method === "POST") return { status: 201, body: JSON.stringify(user) };
  return { status: 200, body: JSON.stringify(method === "GET" && id === "users" ? { users: [user] } : user) };
}
