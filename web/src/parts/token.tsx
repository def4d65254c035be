/* The box for the token of a server that listens to others: whoever opened the page without it can type it in. */
import { useSignal } from "@preact/signals";
import { keepToken } from "../api";
import { words } from "../words";

export function TokenBox() {
  const typed = useSignal("");
  const submit = (event: Event) => {
    event.preventDefault();
    keepToken(typed.value.trim());
    location.reload();
  };
  return (
    <form class="token row" onSubmit={submit}>
      <label>
        {words.token.label}{" "}
        <input
          type="password"
          autocomplete="off"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="plain" disabled={typed.value.trim() === ""}>
        {words.token.use}
      </button>
      <p>{words.token.where}</p>
    </form>
  );
}
