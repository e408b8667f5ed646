// Package report writes a design-space sweep as one interactive HTML page.
//
// The page is a single file: markup, style, script and data are put together here, nothing is fetched
// when it is opened, and a content security policy with hashes of the page's own style and script makes
// the browser refuse anything else. It works from disk, without a network, for as long as browsers do.
//
// Data is column oriented: every [Column] holds one value for each entry of [Data.Points]. A page holds at
// most [MaxPoints] points; a caller with more samples them, keeping the whole front, and [Counts] says how many
// there were.
//
// Guarantees: the same data gives the same bytes; whatever text the data holds (names, failure reasons,
// YAML) is shown as text and never becomes markup; inconsistent data is one error naming every mistake,
// with nothing written.
//
// The sources of the page are base.css (shared with the page of a run), page.html, page.css and the page*.js
// files, embedded in this package. Of these page_d3.js is bundled from web/ and from D3 by `make page`; the rest
// is written by hand.
package report
