// What the dashboard's server shows and takes: pages by request, forms, webhooks. Whoever
// starts the server says how each is made; the server knows no database and no forge.
#pragma once

#include <framework/result.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

struct PageRequest {
  // "today", "review", "triage", "inbox", "plan", "flow", "people", "modules", "report", "item", "thread", "table",
  // "search", or of a page that is of something: "person", "label", "file"
  std::string slug;
  std::string project;  // one that exists
  std::optional<Timestamp> as_of;
  std::string as_of_text = {};  // as it was asked for
  std::int64_t from = 0;        // the first card or row to show, from 0
  std::int64_t number = 0;      // of the item; 0: none was named
  std::string kind;             // issue, pull or "": which, where both have the number
  std::string key;              // of the thread
  std::string of = {};          // what a page is of: a login, a label, a file
  std::string table;            // name of the Result whose rows are wanted
  // Who asks, on pages that one works on: a local name, or the one that a proxy gives; "": nobody in particular.
  std::string user = {};
  std::string done;  // what a form did, by its word, and to which item
  std::int64_t done_item = 0;
  std::map<std::string, std::string> arguments = {};  // minutes, me, label, q …; only those that were given
};

// The address that asks for it again, without the moment: what has forms is of today.
std::string address_of(const PageRequest& request);

// One form that was sent: something to note, or to put into the plan.
struct PlanRequest {
  std::string project, kind, content, reason;
  std::int64_t item_id = 0;
  std::string user = {};  // who sent it, as in PageRequest
};

// A page as it was sent last, kept for the server after this one.
struct RememberedPage {
  std::string document;
  std::string token;              // stands where forms had the token of the server that made it
  Timestamp made_at = 0;          // when its making began
  std::int64_t milliseconds = 0;  // that it took
};

struct WebhookRequest {
  std::string project, body;
  std::map<std::string, std::string> headers = {};  // names in lower case; of two of a name the first
};
struct WebhookAnswer {
  int status = 200;
  std::string message;
};

// What is called from several threads at once has to bear it: all of these.
struct DashboardContent {
  std::function<std::vector<std::string>()> projects;          // the first is shown at first
  std::function<std::vector<Page>(const PageRequest&)> pages;  // none: there is no such item or thread
  // The Results of one analysis, for /api/NAME; none: no such analysis. Where this is
  // not set, NAME is looked for on the pages: with a number on the item's, with a key on the thread's.
  std::function<std::vector<Result>(const std::string& name, const PageRequest&)> results = {};
  // POST /plan: notes it locally; throws Error where it cannot be. Taken only with the token that this server put
  // into its own forms, from its own pages. None: pages show no forms.
  // Gives a word for what was done, if the page is to tell of it: "note-kept", "note-removed", "no-note", "planned.KEY"
  // (KEY: of the action in the plan, to take it back), "dropped", "snoozed", "unsnoozed".
  std::function<std::string(const PlanRequest&)> collect = {};
  // POST /webhooks/PROJECT; none: not taken. Whoever the Host header names: it is for the function to know its
  // callers, by their signatures. It answers by calling `reply` once, then or later, from any thread.
  std::function<void(const WebhookRequest&, std::function<void(WebhookAnswer)> reply)> webhook = {};
  // What a page depends on beside its address: as long as it is the same, a page that was made is shown again. None, or
  // "": every page is made anew.
  std::function<std::string(const PageRequest&)> version = {};
  // What an earlier server made of a page last: shown at once, as what it is, while the page is made for the first
  // time. None, or nothing: it is not known. Asked only for pages without any choice but the project.
  std::function<std::optional<RememberedPage>(const PageRequest&)> recall = {};
  std::function<void(const PageRequest&, const RememberedPage&)> remember = {};
  // Changes whenever sources were read: pages ask for it now and then, and know when they are old. None: they don't.
  std::function<std::string()> state = {};
  // Throws Error where the store can't be asked. None: all is well.
  std::function<void()> check_health = {};
};

}  // namespace resident
