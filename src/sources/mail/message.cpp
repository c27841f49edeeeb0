#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/decode/decode.hpp>
#include <sources/mail/find.hpp>
#include <sources/mail/message.hpp>
#include <sources/mail/splitter.hpp>
#include <unordered_set>
#include <utility>

namespace resident::mail {

namespace {

constexpr std::size_t kMostHeaders = 2000;
constexpr std::size_t kLongestHeader = 64 << 10;
constexpr std::size_t kMostReferences = 200;  // the newest are kept
constexpr std::size_t kLongestBody = 1 << 20;
constexpr int kDeepest = 16;  // of parts in parts
constexpr int kMostParts = 200;

using Header = HeaderLine;

// What is asked of a mail or a part of one. Most of a mail's head is how it travelled.
bool is_wanted(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWanted{"from",
                                                            "date",
                                                            "subject",
                                                            "message-id",
                                                            "references",
                                                            "in-reply-to",
                                                            "list-id",
                                                            "received",
                                                            "content-type",
                                                            "content-disposition",
                                                            "x-original-from",
                                                            "x-mailfrom",
                                                            "reply-to",
                                                            "content-transfer-encoding",
                                                            "mime-version",
                                                            "to"};
  return std::any_of(kWanted.begin(), kWanted.end(), [&](std::string_view each) {
    return each.size() == name.size() && std::equal(each.begin(), each.end(), name.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
           });
  });
}

// Takes the headers off the front of text; what is left is the body. Those that nobody asks for are passed by, unless
// all are wanted; any: there was one.
std::vector<Header> take_headers(std::string_view& text, bool* any = nullptr, bool all = false) {
  std::vector<Header> headers;
  bool is_first = true, takes_folded = false, has_received = false;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool folded = !line.empty() && (line[0] == ' ' || line[0] == '\t');
    const std::size_t colon = folded ? std::string_view::npos : line.find(':');
    const bool is_header = colon != std::string_view::npos && colon > 0 && colon < 100 &&
                           line.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
    if (!line.empty() && !is_header && !(folded && !is_first)) break;  // a body without the empty line before it
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.empty()) break;
    if (is_header) {
      is_first = false;
      const std::string_view name = line.substr(0, colon);
      takes_folded = ++count <= kMostHeaders && (all || is_wanted(name));
      // The newest alone is asked for.
      if (takes_folded && !all && name.size() == 8 && to_lower(name) == "received")
        takes_folded = !std::exchange(has_received, true);
      if (takes_folded)
        headers.push_back({to_lower(name), std::string(trim(line.substr(colon + 1).substr(0, kLongestHeader)))});
    } else if (takes_folded) {
      std::string& value = headers.back().value;
      if (value.size() + line.size() < kLongestHeader) value.append(" ").append(trim(line));
    }
  }
  if (any) *any = !is_first;
  return headers;
}

std::string_view value_of_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers)
    if (header.name == name) return header.value;
  return {};
}

// A parameter of "text/plain; charset="utf-8"; boundary=…".
std::string parameter(std::string_view value, std::string_view name) {
  std::size_t at = value.find(';');
  while (at != std::string_view::npos) {
    std::string_view rest = value.substr(at + 1);
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string key = to_lower(trim(rest.substr(0, equals)));
    std::string_view content = rest.substr(equals + 1);
    while (!content.empty() && content[0] == ' ') content.remove_prefix(1);
    std::size_t end;
    std::string found;
    if (content.starts_with('"')) {
      end = content.find('"', 1);
      found = std::string(content.substr(1, end == std::string_view::npos ? end : end - 1));
      end = end == std::string_view::npos ? end : content.find(';', end);
    } else {
      end = content.find(';');
      found = std::string(trim(content.substr(0, end)));
    }
    if (key == name) return found;
    if (end == std::string_view::npos) return {};
    at = static_cast<std::size_t>(content.data() - value.data()) + end;
  }
  return {};
}

struct Text {
  std::string plain, html, diff;
  int attachments = 0, parts = 0;
};

void take_part(const std::vector<Header>& headers, std::string_view body, int depth, Text& text);

// The parts between boundaries, with their headers.
template <class Each>
void each_part(std::string_view body, const std::string& boundary, const Each& each) {
  const std::string mark = "--" + boundary;
  std::size_t begin = std::string_view::npos;  // of the part that is open
  for (std::size_t at = 0; at < body.size();) {
    std::size_t end = body.find('\n', at);
    if (end == std::string_view::npos) end = body.size();
    const std::string_view line = body.substr(at, end - at);
    if (line.starts_with(mark)) {
      const bool last = line.substr(mark.size()).starts_with("--");
      const std::string_view after = trim(line.substr(mark.size()));
      if (after.empty() || last) {
        if (begin != std::string_view::npos) each(body.substr(begin, at - begin));
        begin = last ? std::string_view::npos : end + 1;
        if (last) return;
      }
    }
    at = end + 1;
  }
  if (begin != std::string_view::npos && begin < body.size()) each(body.substr(begin));  // the closing boundary is lost
}

void take_parts(std::string_view body, const std::string& boundary, int depth, Text& text) {
  each_part(body, boundary, [&](std::string_view part) {
    const std::vector<Header> headers = take_headers(part);
    take_part(headers, part, depth + 1, text);
  });
}

std::string decoded(std::string_view body, std::string_view encoding, const std::string& charset) {
  const std::string how = to_lower(trim(encoding));
  if (how == "base64") return to_utf8(decode_base64(body), charset);
  if (how == "quoted-printable") return to_utf8(decode_quoted_printable(body), charset);
  return to_utf8(body, charset);
}

void append(std::string& to, std::string_view text) {
  if (to.size() >= kLongestBody) return;
  if (!to.empty()) to += "\n\n";
  to += text.substr(0, kLongestBody);
}

bool is_diff(std::string_view type, std::string_view type_value, std::string_view disposition) {
  if (type == "text/x-patch" || type == "text/x-diff" || type == "application/x-patch" || type == "text/patch")
    return true;
  for (const std::string& name : {to_lower(parameter(type_value, "name")), parameter(disposition, "filename")})
    if (name.ends_with(".patch") || name.ends_with(".diff")) return true;
  return false;
}

void take_part(const std::vector<Header>& headers, std::string_view body, int depth, Text& text) {
  if (depth > kDeepest || ++text.parts > kMostParts) {
    ++text.attachments;
    return;
  }
  const std::string_view type_value = value_of_header(headers, "content-type");
  const std::string type = to_lower(trim(type_value.substr(0, type_value.find(';'))));
  const std::string disposition = to_lower(value_of_header(headers, "content-disposition"));
  if (type.starts_with("multipart/")) {
    const std::string boundary = parameter(type_value, "boundary");
    if (!boundary.empty()) return take_parts(body, boundary, depth, text);
  }
  if (type.starts_with("message/") && depth > 0) {  // a forwarded mail: its text is its own
    ++text.attachments;
    return;
  }
  const bool is_html = type == "text/html";
  const bool is_text =
      type.empty() || type == "text" || type == "text/plain" || is_html || type.starts_with("multipart/");
  if (!is_text || disposition.starts_with("attachment")) {
    ++text.attachments;
    if (is_diff(type, type_value, disposition))
      append(text.diff, decoded(body.substr(0, kLongestBody * 3), value_of_header(headers, "content-transfer-encoding"),
                                parameter(type_value, "charset")));
    return;
  }
  // More than is kept need not be decoded; base64 is longer by a third.
  const std::string content =
      decoded(body.substr(0, kLongestBody * 3), value_of_header(headers, "content-transfer-encoding"),
              parameter(type_value, "charset"));
  append(is_html ? text.html : text.plain, content);
}

std::string inside_brackets(std::string_view text) {
  const std::size_t open = text.find('<'), close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::string(trim(text));
  return std::string(trim(text.substr(open + 1, close - open - 1)));
}

// All <…> in it; where there are none, its words that hold an @.
void take_ids(std::string_view text, std::vector<std::string>& ids) {
  bool any = false;
  for (std::size_t open; (open = text.find('<')) != std::string_view::npos;) {
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos) break;
    const std::string_view id = trim(text.substr(open + 1, close - open - 1));
    if (!id.empty()) ids.emplace_back(id), any = true;
    text = text.substr(close + 1);
  }
  if (any) return;
  for (const auto word : split(text, ' '))
    if (word.find('@') != std::string_view::npos) ids.emplace_back(trim(word));
}

std::vector<std::string> references_of(const std::vector<Header>& headers, const std::string& own) {
  std::vector<std::string> all, result;
  take_ids(value_of_header(headers, "references"), all);
  // In-Reply-To may hold prose; its first address is meant.
  std::vector<std::string> replied;
  take_ids(value_of_header(headers, "in-reply-to"), replied);
  if (!replied.empty() && (all.empty() || std::find(all.begin(), all.end(), replied[0]) == all.end()))
    all.push_back(replied[0]);
  std::unordered_set<std::string> seen{own};
  for (auto each = all.rbegin(); each != all.rend() && result.size() < kMostReferences; ++each)
    if (seen.insert(*each).second) result.push_back(*each);
  std::reverse(result.begin(), result.end());
  return result;
}

std::optional<Timestamp> received_at(const std::vector<Header>& headers, std::string_view separator) {
  for (const Header& header : headers) {
    if (header.name != "received") continue;
    if (const std::size_t semicolon = header.value.rfind(';'); semicolon != std::string::npos)
      if (const auto time = parse_date(std::string_view(header.value).substr(semicolon + 1))) return time;
    break;
  }
  // `git format-patch` begins every patch with its commit and this one moment, by which `file` knows patches: no
  // receipt.
  static const Pattern of_git(R"(^From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\s*$)");
  if (of_git.found_in(separator)) return std::nullopt;
  // "From ann@example.org Mon Jan  6 12:00:00 2020": the date begins at its weekday.
  static const Pattern pattern(
      R"((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(\w{3}) +(\d{1,2}) +(\d\d:\d\d(?::\d\d)?)(?: +[A-Z+\-]\S*)? +(\d{4}))");
  std::string month, day, time, year;
  if (pattern.found_in(separator, &month, &day, &time, &year))
    return parse_date(fmt::format("{} {} {} {} +0000", day, month, year, time));
  return parse_date(date_of_separator(separator));
}

// A list that rewrites From for DMARC names itself there; the writer stands in other headers, or in the name alone.
PersonRecord author_of(const std::vector<Header>& headers) {
  PersonRecord author = parse_author(value_of_header(headers, "from"));
  const std::size_t via = author.name.rfind(" via ");
  if (via == std::string::npos) return author;
  for (const std::string_view name : {"x-original-from", "x-mailfrom", "reply-to"}) {
    const std::string_view value = value_of_header(headers, name);
    if (value.empty()) continue;
    PersonRecord original = parse_author(value.substr(0, value.find(',')));
    if (original.email.empty() || original.email == author.email) continue;
    if (original.name.empty()) original.name = author.name.substr(0, via);
    return original;
  }
  author.email.clear();
  author.name.resize(via);
  return author;
}

}  // namespace

std::string base_subject(std::string_view subject, bool* had_reply) {
  static const Pattern prefix(
      R"(^\s*(?:(?i:(re|aw|antw|sv|vs|odp|fwd?|wg)(?:\[\d+\]|\^\d+)?\s*:)|\[[^\]]{1,40}\])\s*)");
  if (had_reply) *had_reply = false;
  std::string_view rest(subject);
  std::string reply;
  while (prefix.take_front(rest, &reply))
    if (!reply.empty() && had_reply) *had_reply = true;
  return to_lower(trim(std::string_view(rest.data(), rest.size())));
}

std::vector<HeaderLine> all_headers(std::string_view raw) {
  return take_headers(raw, nullptr, true);
}

std::vector<std::string> attached_messages(std::string_view raw) {
  std::vector<std::string> messages;
  const std::vector<Header> headers = take_headers(raw);
  const std::string boundary = parameter(value_of_header(headers, "content-type"), "boundary");
  if (boundary.empty()) return messages;
  each_part(raw, boundary, [&](std::string_view part) {
    const std::vector<Header> own = take_headers(part);
    if (!to_lower(value_of_header(own, "content-type")).starts_with("message/rfc822")) return;
    if (messages.size() >= static_cast<std::size_t>(kMostParts)) return;
    const std::string how = to_lower(trim(value_of_header(own, "content-transfer-encoding")));
    messages.push_back(how == "base64"             ? decode_base64(part)
                       : how == "quoted-printable" ? decode_quoted_printable(part)
                                                   : std::string(part));
  });
  return messages;
}

Message read_message(std::string_view raw, std::string_view separator) {
  std::string_view body = raw;
  bool any = false;
  const std::vector<Header> headers = take_headers(body, &any);
  if (!any) throw Error("not a mail: it does not begin with headers");
  Message message;
  message.id = inside_brackets(value_of_header(headers, "message-id"));
  message.subject = one_line(clean_text(decode_words(value_of_header(headers, "subject")), 1000));
  message.author = author_of(headers);
  message.date = parse_date(value_of_header(headers, "date"));
  message.received = received_at(headers, separator);
  message.references = references_of(headers, message.id);
  const std::string_view list = value_of_header(headers, "list-id");
  if (!list.empty()) message.list = one_line(clean_text(to_lower(inside_brackets(list)), 200));
  Text text;
  take_part(headers, body, 0, text);
  message.attachments = text.attachments;
  message.body = !trim(text.plain).empty() ? std::move(text.plain) : html_to_text(text.html);
  std::erase(message.body, '\r');
  // An mbox has an empty line behind each mail, which is none of the mail's.
  while (message.body.ends_with("\n\n")) message.body.pop_back();
  std::erase(text.diff, '\r');
  message.attached_diff = std::move(text.diff);
  // What archives make of addresses; those with an @ the Writer blanks.
  static const Pattern disguised(R"(<[\w.+\-]+ at [\w\-]+(?:\.[\w\-]+)+>)");
  if (holds(message.body, " at ")) disguised.replace_all(message.body, "<e-mail>");
  if (message.id.empty()) {
    message.id = "none/" + fingerprint(fmt::format("{}\n{}\n{}\n{}", message.date.value_or(0), message.author.email,
                                                   message.subject, message.body));
  }
  return message;
}

}  // namespace resident::mail
