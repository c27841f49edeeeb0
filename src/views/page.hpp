// Pages: Results and Markdown under a title, as one HTML document: the report that is
// handed around (all pages in one file, which needs no other and sends no request), or a page of the dashboard (one
// page, a choice of project and date, with script and style sheet as files of their own). Everything works without
// JavaScript; with it, plots are drawn and tables can be sorted. The content policy lets nothing run but our own script
// and style sheet (by their hashes in a file, from our own address where served), so that text from forges could not
// run even where escaping failed. Same pages, same bytes.
#pragma once

#include <framework/result.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident {

// One thing that may be noted or put into the plan, as a form with a button.
struct ActionForm {
  enum class Input { fixed, line, text };  // whether the content can be changed, and how long it may get
  std::string kind;                        // what the server is told: comment, label, close, snooze, note, …
  std::string content = {};                // to begin with
  std::string reason = {};
  std::string button = {};  // "Plan this comment"
  std::string label = {};   // of the input; "" where it is fixed
  Input input = Input::fixed;
  bool is_planned = false;   // it stands in the plan already
  bool shows_reason = true;  // else it stands among the facts already
  bool is_rare = false;      // stands behind "More", so that a card stays short
  bool may_be_empty = false;
};

// A line of what is known. Where `key` is set (as key_address() takes it) the answer links to that page, where `url`
// is, beside it to the forge; #12 in an answer links to that item.
struct CardFact {
  std::string what, answer;
  std::string more = {};  // after it, quietly
  std::string key = {}, url = {};
};

// An item with what is known of it and what could be done.
struct ActionCard {
  std::int64_t item_id = 0;
  std::string title, url;
  std::string key = {};  // of its page: "issue/12", "pull/12", a thread's; "": it has none
  std::string tag = {};  // before the title: "quick win"
  std::vector<CardFact> facts = {};
  std::string text = {};        // what its author wrote; shown as it is
  std::string heading = {};     // over this card and those after it
  std::string anchor = "item";  // the card is #item-12
  std::vector<ActionForm> forms = {};
};

// A field of the form that says what a page is to show.
struct PageField {
  enum class Kind { number, text, check, choice };  // choice: one of the options, or none
  Kind kind = Kind::text;
  std::string name, label, value;
  std::vector<std::string> options = {};  // that a text may be; others are taken too
  bool is_checked = false;
};

struct Page {
  std::string slug;   // "flow": the address /flow, the anchor #flow
  std::string title;  // "Flow"
  std::string intro = {};
  std::vector<Result> results = {};
  std::string markdown = {};  // rendered before the results; raw HTML in it is dropped
  std::vector<ActionCard> cards = {};
  std::vector<std::pair<std::string, std::string>> links = {};  // after the cards: address, title
  std::string url = {};                                         // of what it is about, at the forge
  std::vector<Result> data = {};       // what the cards say, for programs: linked as JSON, not shown
  std::vector<PageField> fields = {};  // what can be chosen, above everything
  std::string fields_button = "Show";  // what the form of the fields does
  std::string cards_title = {};        // a heading over the cards
  // What else its address says, and the addresses of its Results' JSON: {"minutes", "60"}.
  std::vector<std::pair<std::string, std::string>> query = {};
};

// Addresses that people wrote, in all that is shown; not in what a form holds: somebody is about to send that.
// Documents are rendered of pages that went through this.
void hide_emails(Page& page);

// What a page of a site of files has, beside what every page has (`resident site`): its neighbours are files too, so
// that addresses are relative to it.
struct SiteFrame {
  std::string root;             // how the site's folder is reached from it: "", or "../"
  std::string head;             // more elements of its head, as HTML
  std::string footer;           // under everything, as HTML
  std::string json;             // the file with its Results, their queries and all of their rows; "": there is none
  std::size_t most_points = 0;  // of each curve that is drawn; 0: all
};

struct DocumentOptions {
  std::string title = "Resident";
  bool served = false;  // by DashboardServer: links to other pages, to /api and the form
  // Of one table; where there are more, it says which these are and, if served, where the others are.
  std::size_t most_rows = 50;
  std::optional<SiteFrame> site = {};  // it is a page of a site; `navigation` is the site's then
  // The rest is for served pages alone.
  std::vector<std::pair<std::string, std::string>> navigation = {};  // address, title
  std::vector<std::string> projects = {};
  std::string project = {};
  std::string as_of = {};       // as it was asked for; empty: now
  std::string form_token = {};  // what a form has to bring along; empty: no forms are shown
  std::string here = {};        // address of this page, to come back to after a form
  std::string done = {};        // what the last form did, in a sentence; told in its item's card
  std::int64_t done_item = 0;
  std::string state = {};       // of what was read from sources when it was made; pages ask /state for another
  std::string page_title = {};  // of a Result of that name the heading would say it twice
  std::string user = {};        // who looks at it; "": nobody in particular
  bool names_user = false;      // whether they may say so here
  std::string undo_kind = {}, undo_content = {};                // the form that takes it back; "": there is none
  std::vector<std::pair<std::string, std::string>> query = {};  // of the page, for its Results' JSON
};

std::string render_document(const std::vector<Page>& pages, const DocumentOptions& options);

// Where a file of served_files() stands in a site's folder.
std::string site_file(std::string_view address);

// The Content-Security-Policy of documents; as a header too when served.
std::string content_policy(bool served);

// What served documents link to: script and style sheet. Their addresses have the content's hash in them, so that they
// can be kept for ever.
struct ServedFile {
  std::string address;  // "/resident-HASH.js"
  std::string type;
  std::shared_ptr<const std::string> content;
};
const std::vector<ServedFile>& served_files();

// --- The parts ---

// A Result as a section whose heading has that level.
std::string render_result(const Result& result, const DocumentOptions& options, int heading_level);
// The cards of a page, each an article with its forms, and the links after them.
std::string render_cards(const Page& page, const DocumentOptions& options, int heading_level);
// One form of a card.
std::string render_form(const ActionForm& form, const ActionCard& card, const DocumentOptions& options);
// What the last form did, as a line.
std::string done_line(const DocumentOptions& options);
// Markdown as HTML: no raw HTML, no images, no unsafe addresses; headings are moved
// down so that the highest has that level.
std::string render_markdown_as_html(std::string_view markdown, int heading_level);
// "?project=x&as_of=2024-01-01", not yet escaped for HTML.
std::string document_query(const DocumentOptions& options);
// The key of an item's page; its kind is in it only where its address says that issues and pull requests are numbered
// apart.
std::string item_key(std::int64_t number, const std::string& url);
// A small link to the forge beside one to our own page; name: what it leads to, escaped.
std::string forge_link(const std::string& url, const std::string& name);
// The page of an item ("item/12", "issue/12", "pull/12") or of a thread (any other key), not yet escaped for HTML; ""
// where nothing is served.
std::string key_address(const std::string& key, const DocumentOptions& options);
// Today of a project, not yet escaped for HTML; "" where nothing is served.
std::string project_address(const std::string& project, const DocumentOptions& options);
// Escaped text in which #12 links to the page of that item, where pages are served.
std::string link_items(const std::string& escaped, const DocumentOptions& options);
// Escaped text in which `what is typed` is shown as code.
std::string with_code(const std::string& escaped);
// "All of it as JSON": the address of a Result's.
std::string json_address(const std::string& name, const DocumentOptions& options);
// "All rows": the address of a page that shows them.
std::string table_address(const std::string& name, const DocumentOptions& options);
// A thread of posts and events as a list: columns at, who, kind, text, path.
std::string render_thread(const Result& result);
// What somebody wrote in a post: paragraphs, quotations and code; a long one with its rest behind a summary.
std::string render_post(std::string_view text);
// Text as it was written, line by line, harmless.
std::string written_text(std::string_view text);
// Text inside HTML or an attribute: valid, on one line, escaped.
std::string html_text(std::string_view text);

}  // namespace resident
