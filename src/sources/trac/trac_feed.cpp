#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <pugixml.hpp>
#include <sources/decode/decode.hpp>
#include <sources/trac/trac_feed.hpp>

namespace resident::trac {

namespace {

std::int64_t number_of(std::string_view text) {
  text = trim(text);
  if (text.starts_with('#')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

pugi::xml_node channel_of(pugi::xml_document& document, std::string_view rss) {
  const auto parsed = document.load_buffer(rss.data(), rss.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node channel = document.child("rss").child("channel");
  if (!parsed || !channel) throw Error("this is no RSS of a Trac");
  return channel;
}

// A change as its line in the feed tells it.
struct ToldChange {
  std::string field, text;
  std::string before, after;
  bool has_before = false, has_after = false;
  bool is_untold = false;           // "modified (diff)": of a long text
  std::vector<std::string> values;  // of which the line's words alone tell which they are
};

std::string inner_text(pugi::xml_node node) {
  std::string text;
  for (const pugi::xml_node child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      text += child.value();
    else if (text.size() < 1 << 16)
      text += inner_text(child);
  }
  return text;
}

ToldChange told_by(pugi::xml_node line) {
  ToldChange change;
  const pugi::xml_node name = line.child("strong");
  change.field = std::string(trim(inner_text(name)));
  for (const pugi::xml_node node : line.children()) {
    if (node == name) continue;
    if (node.type() == pugi::node_pcdata) {
      change.text += node.value();
      continue;
    }
    const std::string kind = node.attribute("class").value();
    const std::string value(trim(inner_text(node)));
    if (kind == "trac-field-old" || kind == "trac-field-deleted") {
      change.before = value;
      change.has_before = true;
    } else if (kind == "trac-field-new") {
      change.after = value;
      change.has_after = true;
    } else if (std::string_view(node.name()) == "a") {
      change.is_untold = true;
    } else {
      change.values.push_back(value);
      change.text += value;
    }
  }
  change.text = std::string(trim(change.text));
  return change;
}

// "a b added; c removed".
std::pair<std::string, std::string> list_change(const ToldChange& change) {
  std::string added, removed;
  for (const std::string_view part : split(change.text, ';')) {
    const std::string_view text = trim(part);
    if (text.ends_with(" added")) added = std::string(text.substr(0, text.size() - 6));
    if (text.ends_with(" removed")) removed = std::string(text.substr(0, text.size() - 8));
  }
  return {removed, added};
}

// Of one change, knowing what the field was after it; what it was before is what the change before it led to.
void resolve(ToldChange& change, const std::string& after) {
  if (change.has_before || change.has_after || change.is_untold) return;
  if (change.field == "keywords" || change.field == "cc") {
    std::tie(change.before, change.after) = list_change(change);
    return;
  }
  if (change.values.size() >= 2) {
    change.before = change.values[0];
    change.after = change.values[1];
  } else if (change.values.size() == 1) {
    (change.values[0] == after ? change.after : change.before) = change.values[0];
  } else if (after == "1" || after == "0" || after.empty()) {
    // A checkbox: "set" or "unset", in some language. It was the other way before.
    change.after = after == "1" ? "1" : "0";
    change.before = after == "1" ? "0" : "1";
  }
}

struct ToldMoment {
  Timestamp at = 0;
  std::string author, text;
  std::int64_t number = 0;
  std::vector<ToldChange> changes;
};

// The changes stand before the comment, in one list whose every line begins with a name in bold.
void read_description(const std::string& html, ToldMoment& moment) {
  constexpr std::string_view kEnd = "</ul>";
  std::string_view rest = trim(html);
  const std::size_t end = rest.find(kEnd);
  if (rest.starts_with("<ul>") && end != std::string_view::npos) {
    const std::string_view list = rest.substr(0, end + kEnd.size());
    pugi::xml_document document;
    if (document.load_buffer(list.data(), list.size(), pugi::parse_default | pugi::parse_ws_pcdata,
                             pugi::encoding_utf8)) {
      bool are_changes = true;
      std::vector<ToldChange> changes;
      for (const pugi::xml_node line : document.child("ul").children("li")) {
        are_changes = are_changes && line.child("strong");
        changes.push_back(told_by(line));
      }
      if (are_changes) {
        moment.changes = std::move(changes);
        rest = rest.substr(end + kEnd.size());
      }
    }
  }
  moment.text = std::string(trim(mail::html_to_text(rest)));
}

ToldMoment moment_of(pugi::xml_node entry) {
  ToldMoment moment;
  moment.author = std::string(trim(entry.child_value("dc:creator")));
  if (moment.author.empty()) moment.author = std::string(trim(entry.child_value("author")));
  const auto at = parse_http_date(entry.child_value("pubDate"));
  if (!at) throw Error(fmt::format("an entry has no date: {}", one_line(entry.child_value("pubDate"))));
  moment.at = *at;
  const std::string link = entry.child_value("guid");
  if (const std::size_t mark = link.rfind("#comment:"); mark != std::string::npos)
    moment.number = number_of(std::string_view(link).substr(mark + 9));
  read_description(entry.child_value("description"), moment);
  return moment;
}

}  // namespace

std::optional<Timestamp> parse_http_date(std::string_view text) {
  static const Pattern form(
      R"(\s*(?:[A-Za-z]{3},\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (?:GMT|UTC|Z|[+-]0000)\s*)");
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  int day = 0, year = 0, hour = 0, minute = 0;
  std::string month, second;
  if (!form.matches(text, &day, &month, &year, &hour, &minute, &second)) return std::nullopt;
  const auto found = std::find(kMonths.begin(), kMonths.end(), to_lower(month));
  if (found == kMonths.end()) return std::nullopt;
  return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{}Z", year, found - kMonths.begin() + 1, day, hour,
                                minute, second.empty() ? "00" : second));
}

trackers::TrackerPage query_rows(std::string_view csv) {
  trackers::TrackerPage page;
  if (!csv.ends_with('\n')) throw Error("the list of tickets breaks off");
  if (trim(csv.starts_with("\xEF\xBB\xBF") ? csv.substr(3) : csv).empty()) return page;  // beyond the last page
  const CsvTable table(csv, "the list of tickets");
  if (table.header().empty() || to_lower(table.header().front()) != "id")
    throw Error("the list of tickets does not begin with their numbers");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::int64_t number = number_of(table.text(row, 0));
    std::string all;
    for (std::size_t column = 0; column < table.header().size(); ++column) all += table.text(row, column) + "\n";
    if (number == 0)
      page.broken.emplace_back(fmt::format("tickets/{}", fingerprint(all)), "the row has no number");
    else
      page.entries.push_back({number, fingerprint(all), std::nullopt});
  }
  return page;
}

std::map<std::int64_t, Timestamp> opening_times(std::string_view rss) {
  std::map<std::int64_t, Timestamp> result;
  pugi::xml_document document;
  for (const pugi::xml_node entry : channel_of(document, rss).children("item")) {
    const std::string_view link = trim(entry.child_value("link"));
    const std::int64_t number = number_of(link.substr(link.rfind('/') + 1));
    const auto at = parse_http_date(entry.child_value("pubDate"));
    if (number > 0 && at) result[number] = *at;
  }
  return result;
}

TracTicket ticket_fields(std::string_view csv) {
  if (!csv.ends_with('\n')) throw Error("the ticket's fields break off");
  const CsvTable table(csv, "the ticket");
  if (table.size() != 1) throw Error(fmt::format("the ticket has {} rows of fields, not one", table.size()));
  TracTicket ticket;
  ticket.number = number_of(table.text(0, table.need_column("id")));
  for (std::size_t column = 0; column < table.header().size(); ++column)
    ticket.fields[table.header()[column]] = table.text(0, column);
  table.need_column("status");
  return ticket;
}

void ticket_history(std::string_view rss, TracTicket& ticket, const trackers::Problem& problem) {
  pugi::xml_document document;
  std::vector<ToldMoment> moments;
  std::size_t position = 0;
  for (const pugi::xml_node entry : channel_of(document, rss).children("item")) {
    try {
      moments.push_back(moment_of(entry));
    } catch (const Error& error) {
      problem(fmt::format("history/{}", position), error.what());
    }
    ++position;
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const ToldMoment& a, const ToldMoment& b) { return a.at < b.at; });
  std::map<std::string, std::string> now = ticket.fields;
  for (auto moment = moments.rbegin(); moment != moments.rend(); ++moment)
    for (ToldChange& change : moment->changes) {
      const bool is_list = change.field == "keywords" || change.field == "cc";
      resolve(change, now[change.field]);
      if (!is_list) now[change.field] = change.before;
    }
  for (const ToldMoment& moment : moments) {
    for (const ToldChange& change : moment.changes) {
      // A file is told as a change to its name, beside a comment on it.
      ticket.changes.push_back({moment.at, moment.author, change.field, change.before, change.after});
    }
    const bool is_file = !moment.changes.empty() && moment.changes.front().field == "attachment";
    if (!moment.text.empty() && !is_file)
      ticket.comments.push_back({moment.number, moment.at, moment.author, moment.text});
  }
}

}  // namespace resident::trac
