// Package runpage writes what a run found out as one interactive HTML page.
//
// The page is a single file that fetches nothing: markup, style, script and data are put together here, and a
// content security policy with hashes of the page's own style and script makes the browser refuse anything
// else. It shows the machine as a graph, what every stage did in every cycle, how full FIFOs were, what limits
// each layer, a roofline, the use of the board, what other depths of FIFOs would do and where the latency of
// the first frame goes.
//
// Histories are sent as they are kept: runs, and runs that repeat. The page finds the shares of any stretch of
// cycles from sums over runs, so that a view of a hundred million cycles costs as little as one of ten, and
// both are exact as far as the history is.
//
// A [Run] knows stages, edges and numbers, no hardware. Guarantees: the same Run gives the same bytes; whatever
// text it holds is shown as text.
//
// The script is bundled from web/ and from libraries pinned in tools/page by `make page`; the bundle is
// committed, so that Go alone builds this package.
package runpage
