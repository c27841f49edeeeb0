#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/site/feed.hpp>
#include <pugixml.hpp>
#include <sstream>

namespace resident::site {

namespace {

constexpr std::size_t kMostReports = 26, kMostEvents = 50;
// RFC 4151, 2.1: the moment at which whoever names things had the name that stands before it. The same for all sites
// and for ever, or the identifiers would change.
constexpr const char* kTagDate = "2026";

struct Entry {
  Timestamp at;
  std::string key, title, summary, path;
};

// On one line, without the two that XML 1.0 has no way to write (2.2).
std::string xml_text(const std::string& text) {
  std::string out = one_line(text);
  for (const std::string_view never : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (std::size_t at = out.find(never); at != std::string::npos; at = out.find(never, at)) out.erase(at, 3);
  return out;
}

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(xml_text(text).c_str());
}

void add_link(pugi::xml_node parent, const char* relation, const std::string& address, const char* type) {
  pugi::xml_node link = parent.append_child("link");
  link.append_attribute("rel") = relation;
  link.append_attribute("type") = type;
  link.append_attribute("href") = address.c_str();
}

std::string written(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

pugi::xml_node begin(pugi::xml_document& document, const char* name, const char* space) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  pugi::xml_node root = document.append_child(name);
  root.append_attribute("xmlns") = space;
  return root;
}

// "https://ada.example/project/" → "tag:ada.example,2026:/project/".
std::string tag_of(const std::string& base_url) {
  const std::size_t host = base_url.find("://") + 3, path = base_url.find('/', host);
  std::string authority = to_lower(base_url.substr(host, path - host));
  authority = authority.substr(0, authority.find(':'));
  if (authority.empty() || authority.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos)
    throw Error(ErrorKind::usage, fmt::format("--base-url: {} names no host", one_line(base_url)),
                "write it like https://example.org/project/");
  return fmt::format("tag:{},{}:{}", authority, kTagDate, base_url.substr(path));
}

std::vector<Entry> entries_of(const std::vector<SitePage>& pages, const std::vector<SiteEvent>& events) {
  std::vector<Entry> entries;
  std::size_t reports = 0;
  for (const SitePage& page : pages)
    if (page.path.starts_with("reports/") && reports++ < kMostReports)
      entries.push_back({page.as_of + 1, page.page.slug, page.page.title, page.page.data.front().claim, page.path});
  for (std::size_t i = 0; i < std::min(events.size(), kMostEvents); ++i)
    entries.push_back({events[i].at, "events/" + events[i].key, events[i].text, events[i].text, events[i].path});
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.at > b.at; });
  return entries;
}

}  // namespace

std::string atom_feed(const std::string& project, const std::string& base_url, const std::vector<SitePage>& pages,
                      const std::vector<SiteEvent>& events) {
  const std::string tag = tag_of(base_url);
  const std::vector<Entry> entries = entries_of(pages, events);
  pugi::xml_document document;
  pugi::xml_node feed = begin(document, "feed", "http://www.w3.org/2005/Atom");
  add_text(feed, "id", tag + "feed");
  add_text(feed, "title", project);
  add_text(feed, "subtitle", "Weekly reports, and what happened");
  // Of a feed without entries, the moment of what is known.
  add_text(feed, "updated",
           format_time(!entries.empty() ? entries.front().at
                       : pages.empty()  ? 0
                                        : pages.front().as_of));
  add_text(feed.append_child("author"), "name", project);
  add_text(feed, "generator", "Resident");
  add_link(feed, "self", base_url + "feed.xml", "application/atom+xml");
  add_link(feed, "alternate", base_url, "text/html");
  for (const Entry& each : entries) {
    pugi::xml_node entry = feed.append_child("entry");
    add_text(entry, "id", tag + escape_url(each.key));
    add_text(entry, "title", fit_width(one_line(each.title), 120));
    add_text(entry, "updated", format_time(each.at));
    add_link(entry, "alternate", base_url + each.path, "text/html");
    add_text(entry, "summary", each.summary);
  }
  return written(document);
}

std::string site_map(const std::string& base_url, const std::vector<SitePage>& pages) {
  pugi::xml_document document;
  pugi::xml_node map = begin(document, "urlset", "http://www.sitemaps.org/schemas/sitemap/0.9");
  for (const SitePage& page : pages) {
    pugi::xml_node address = map.append_child("url");
    add_text(address, "loc", base_url + (page.path == "index.html" ? std::string() : page.path));
    add_text(address, "lastmod", format_date(page.as_of));
  }
  return written(document);
}

}  // namespace resident::site
