package webdriver

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// Open loads a file from disk in a window of the given size.
func (b *Browser) Open(path string, width, height int) {
	b.T.Helper()
	b.Resize(width, height)
	b.Post("/url", map[string]any{"url": "file://" + path}, nil)
}

func (b *Browser) Resize(width, height int) {
	b.T.Helper()
	b.Devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
}

// Devtools sends a command of Chromium's own protocol.
func (b *Browser) Devtools(command string, params any) {
	b.T.Helper()
	b.Post("/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
}

// Script runs the body of a function in the page and decodes what it returns.
func (b *Browser) Script(body string, out any, args ...any) {
	b.T.Helper()
	b.Post("/execute/sync", map[string]any{"script": body, "args": append([]any{}, args...)}, out)
}

// Text returns the visible text of the first element a selector finds, or "".
func (b *Browser) Text(selector string) string {
	b.T.Helper()
	var out string
	b.Script(`const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText ?? e.textContent : ""`, &out, selector)
	return out
}

// Eventually waits a little for the page to show a text.
func (b *Browser) Eventually(selector, want string) {
	b.T.Helper()
	var got string
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = b.Text(selector); strings.Contains(got, want) {
			return
		}
	}
	b.T.Errorf("%s shows %q, want %q in it", selector, got, want)
}

// act sends the actions of a mouse or a keyboard.
func (b *Browser) act(source map[string]any) {
	b.T.Helper()
	b.Post("/actions", map[string]any{"actions": []any{source}}, nil)
}

// Mouse moves along the spots; with press set it holds the button from the first to the last.
func (b *Browser) Mouse(press bool, spots ...[2]float64) {
	b.T.Helper()
	var steps []map[string]any
	if !press && len(spots) > 0 { // a move from where it is already would be none
		spots = append([][2]float64{{spots[0][0] - 2, spots[0][1] - 2}}, spots...)
	}
	for k, s := range spots {
		steps = append(steps, map[string]any{"type": "pointerMove", "duration": 0, "x": int(s[0] + 0.5), "y": int(s[1] + 0.5)})
		if press && k == 0 {
			steps = append(steps, map[string]any{"type": "pointerDown", "button": 0})
		}
	}
	if press {
		steps = append(steps, map[string]any{"type": "pointerUp", "button": 0})
	}
	b.act(map[string]any{"type": "pointer", "id": "mouse", "actions": steps})
}

// Keys types a text on what has the focus.
func (b *Browser) Keys(text string) {
	b.T.Helper()
	var steps []map[string]any
	for _, r := range text {
		steps = append(steps, map[string]any{"type": "keyDown", "value": string(r)}, map[string]any{"type": "keyUp", "value": string(r)})
	}
	if text == "" {
		return
	}
	b.act(map[string]any{"type": "key", "id": "keyboard", "actions": steps})
}

// Logged returns the messages of a log since it was last asked for.
func (b *Browser) Logged(kind string) []string {
	b.T.Helper()
	var entries []struct{ Level, Message string }
	b.Post("/se/log", map[string]any{"type": kind}, &entries)
	var out []string
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s %s", e.Level, e.Message))
	}
	return out
}

// Screenshot writes a picture of the window.
func (b *Browser) Screenshot(path string) {
	b.T.Helper()
	var encoded string
	b.call("GET", b.session+"/screenshot", nil, &encoded)
	picture, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		b.T.Fatal(err)
	}
}

// Quiet demands that nothing was logged and nothing asked for but the page itself.
func (b *Browser) Quiet() {
	b.T.Helper()
	t := b.T
	for _, message := range b.Logged("browser") {
		t.Errorf("the browser's console says %s", message)
	}
	requests := 0
	for _, entry := range b.Logged("performance") {
		var event struct {
			Message struct {
				Method string
				Params struct {
					DocumentURL string
					Request     struct{ URL string }
				}
			}
		}
		_, text, _ := strings.Cut(entry, " ")
		if err := json.Unmarshal([]byte(text), &event); err != nil {
			t.Fatal(err)
		}
		sent := event.Message.Params
		if event.Message.Method != "Network.requestWillBeSent" || !strings.HasPrefix(sent.DocumentURL, "file://") {
			continue // the browser's own first page loads its parts too
		}
		requests++
		if sent.Request.URL != sent.DocumentURL {
			t.Errorf("the page asks for %s", sent.Request.URL)
		}
	}
	if requests == 0 {
		t.Error("the log of requests does not even show the page itself")
	}
}

// Click presses the mouse on the middle of an element.
func (b *Browser) Click(selector string) {
	b.T.Helper()
	var at *[2]float64
	b.Script(`const e = document.querySelector(arguments[0]);
		if (!e) return null;
		e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect();
		return [r.left + r.width / 2, r.top + r.height / 2]`, &at, selector)
	if at == nil {
		b.T.Fatalf("the page has no %s", selector)
	}
	b.Mouse(true, *at)
}

// Choose picks the option of a list by its label.
func (b *Browser) Choose(selector, label string) {
	b.T.Helper()
	var found bool
	b.Script(`const s = document.querySelector(arguments[0]);
		const option = [...s.options].find((o) => o.text === arguments[1]);
		if (!option) return false;
		s.value = option.value;
		s.dispatchEvent(new Event("change"));
		return true`, &found, selector, label)
	if !found {
		b.T.Fatalf("%s has no option %q", selector, label)
	}
}
