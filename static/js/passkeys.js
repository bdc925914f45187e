// Passkeys: what asks for one is shown where the browser can, and says in words what went wrong. The asking itself is
// allauth's (mfa/js/webauthn.js).
const places = document.querySelectorAll("[data-passkey]");

if (window.PublicKeyCredential) {
  for (const place of places) place.hidden = false;
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const sentence = event.detail.exception?.name === "InvalidStateError"
    ? "This device has a passkey for your account already."
    : "No passkey was used: it was cancelled, it took too long, or there is none for this account.";
  for (const note of document.querySelectorAll("[data-passkey-error]")) note.textContent = sentence;
});
