// Pages: Results and Markdown under a title, as one HTML document that needs no
// other file and sends no request. The same document serves as the report that is
// handed around (all pages in one file) and as a page of the dashboard (one page, a
// choice of project and date). Everything works without JavaScript; with it, plots
// are drawn and tables can be sorted. The content policy lets nothing run but our
// own script and style sheet, named by their hashes, so that text from forges could
// not run even where escaping failed. Same pages, same bytes.
#pragma once

#include <analyses/result.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident {

struct Page {
  std::string slug;   // "flow": the address /flow, the anchor #flow
  std::string title;  // "Flow"
  std::string intro = {};
  std::vector<Result> results = {};
  std::string markdown = {};  // rendered before the results; raw HTML in it is dropped
};

struct DocumentOptions {
  std::string title = "Resident";
  bool served = false;  // by DashboardServer: links to other pages, to /api and the form
  // The rest is for served pages alone.
  std::vector<std::pair<std::string, std::string>> navigation = {};  // address, title
  std::vector<std::string> projects = {};
  std::string project = {};
  std::string as_of = {};  // as it was asked for; empty: now
};

std::string render_document(const std::vector<Page>& pages, const DocumentOptions& options);

// The Content-Security-Policy of documents; as a header too when served.
std::string content_policy(bool served);

// --- The parts ---

// A Result as a section whose heading has that level.
std::string render_result(const Result& result, const DocumentOptions& options, int heading_level);
// Markdown as HTML: no raw HTML, no images, no unsafe addresses; headings are moved
// down so that the highest has that level.
std::string render_markdown_as_html(std::string_view markdown, int heading_level);
// "?project=x&as_of=2024-01-01", not yet escaped for HTML.
std::string document_query(const DocumentOptions& options);
// Text inside HTML or an attribute: valid, on one line, escaped.
std::string html_text(std::string_view text);

}  // namespace resident
