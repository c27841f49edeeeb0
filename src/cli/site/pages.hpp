// What pages a site has. Each maker gives some; another kind of page is one more line in makers() (pages.cpp).
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident::site {

struct SitePage {
  std::string path;  // "flow.html", "reports/2026-W30.html"; the Results of the page stand beside it: "flow.json"
  Page page;         // its slug is the path without its ending
  bool is_in_navigation = false;
  Timestamp as_of = 0;
  std::string summary = {};                   // in a sentence, where its first claim is not that
  std::optional<Timestamp> released_at = {};  // of a release's page
  std::string before, after;                  // its neighbours' paths, where it is one of a row

  // The first of its Results that has a picture; null: none has.
  const Result* drawn() const;
};

// Something that happened, for the first page and the feed.
struct SiteEvent {
  Timestamp at = 0;
  std::string key;   // tells it from all others, for ever: "speed/0123456789ab"
  std::string text;  // a sentence
  std::string path;  // of the page that tells more
};

struct Maker {
  std::string name;  // for messages
  std::function<std::vector<SitePage>(const Context&)> make;
  bool may_fail = false;  // it reads what may be away, as a clone; then its page is left out, and that is told
};
// weeks: weekly reports; published: the paths of the site that is there. An empty list of a maker is a page that has
// nothing to say.
std::vector<Maker> makers(int weeks, const std::vector<std::string>& published);

// The first sentence with something behind it, "" where there is none.
std::string first_claim(const Page& page);

// Those of the last year, newest first. pages: all that were made. Reads the store for what no page says.
std::vector<SiteEvent> events_of(const Context& context, const std::vector<SitePage>& pages);

// --- The makers' parts ---

// The newest `weeks`, and those before of which `published` has the path: an address stays.
std::vector<SitePage> report_pages(const Context& context, int weeks, const std::vector<std::string>& published);
std::vector<SitePage> release_pages(const Context& context);
std::vector<SitePage> module_pages(const Context& context);
// Puts links to the modules' pages on the page of all of them.
void link_modules(std::vector<SitePage>& pages);

// A name as part of an address: letters, digits, dots, lines. `used` counts those there are: two names that would be
// one keep a number.
std::string slug_of(const std::string& name, std::map<std::string, int>& used);

// "2026-W30": a week by ISO 8601.
std::string week_name(Timestamp begin);

}  // namespace resident::site
