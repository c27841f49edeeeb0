#include <iconv.h>

#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <git/raw_commit.hpp>

namespace resident::git {

namespace {

constexpr Timestamp kLastTime = 253402300799;  // 9999-12-31T23:59:59Z

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trim_spaces(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 32) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 32) text.remove_suffix(1);
  return text;
}

void report(std::vector<std::string>* faults, std::string fault) {
  if (faults) faults->push_back(std::move(fault));
}

// '1700000000 +0100' → time and zone.
void parse_moment(std::string_view text, Signature& signature, std::vector<std::string>* faults) {
  text = trim_spaces(text);
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string_view digits = text.substr(0, end);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    report(faults, "no readable date; taken as 1970-01-01");
    return;
  }
  Timestamp time = 0;
  for (const char c : digits) time = std::min<Timestamp>(time * 10 + (c - '0'), kLastTime + 1);
  if (negative && time) {
    report(faults, "date before 1970; taken as 1970-01-01");
    time = 0;
  } else if (time > kLastTime) {
    report(faults, "date after the year 9999; taken as its end");
    time = kLastTime;
  }
  signature.time = time;
  std::string_view zone = trim_spaces(text.substr(end));
  if (zone.empty()) return;
  const bool west = zone.front() == '-';
  if (west || zone.front() == '+') zone.remove_prefix(1);
  int value = 0;
  for (std::size_t i = 0; i < zone.size() && is_digit(zone[i]) && value < 1'000'000; ++i)
    value = value * 10 + (zone[i] - '0');
  const int minutes = value / 100 * 60 + value % 100;
  if (minutes >= 24 * 60) {
    report(faults, "time zone beyond a day; taken as UTC");
    return;
  }
  signature.zone_minutes = west ? -minutes : minutes;
}

std::string bounded(std::string_view text) {
  return clean_text(text, kMaxName);
}

struct Header {
  std::string_view key, value;
};

// The next 'key value' line; continuation lines are skipped. False at the blank
// line before the message or at the end.
bool take_header(std::string_view& rest, Header& header) {
  if (rest.empty()) return false;
  std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.empty()) return false;
  const std::size_t space = line.find(' ');
  header = {line.substr(0, space), space == std::string_view::npos ? std::string_view{} : line.substr(space + 1)};
  while (rest.starts_with(' ')) {
    end = rest.find('\n');
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return true;
}

// The time at the end of a signature line, without building a Signature's text.
Timestamp time_of(std::string_view line) {
  Signature signature;
  const std::size_t close = line.rfind('>');
  if (close != std::string_view::npos)
    parse_moment(line.substr(close + 1), signature, nullptr);
  else
    signature = parse_signature(line, nullptr);
  return signature.time;
}

bool is_utf8_name(std::string_view name) {
  const std::string lower = to_lower(name);
  return lower.empty() || lower == "utf-8" || lower == "utf8";
}

}  // namespace

std::optional<ObjectId> parse_id(std::string_view hexadecimal) {
  if (hexadecimal.size() != 2 * kSha1Bytes && hexadecimal.size() != 2 * kSha256Bytes) return std::nullopt;
  ObjectId id{};
  for (std::size_t i = 0; i < hexadecimal.size() / 2; ++i) {
    const int high = digit_value(hexadecimal[2 * i]), low = digit_value(hexadecimal[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return id;
}

std::string to_hexadecimal(const ObjectId& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const bool is_short = std::all_of(id.begin() + kSha1Bytes, id.end(), [](unsigned char byte) { return byte == 0; });
  const std::size_t bytes = is_short ? kSha1Bytes : kSha256Bytes;
  std::string text(2 * bytes, '0');
  for (std::size_t i = 0; i < bytes; ++i) {
    text[2 * i] = kDigits[id[i] >> 4];
    text[2 * i + 1] = kDigits[id[i] & 15];
  }
  return text;
}

Signature parse_signature(std::string_view line, std::vector<std::string>* faults) {
  Signature signature;
  const std::size_t open = line.find('<');
  const std::size_t close = open == std::string_view::npos ? open : line.find('>', open);
  std::string_view name, email, moment;
  if (close != std::string_view::npos) {
    name = line.substr(0, open);
    email = line.substr(open + 1, close - open - 1);
    // Where an e-mail holds '>' itself, the date stands behind the last one.
    moment = line.substr(line.rfind('>') + 1);
  } else {
    report(faults, "broken author or committer line; name, e-mail and date were guessed");
    // The date is the last two words, if the last but one is a number.
    std::size_t cut = line.size();
    const std::size_t zone = line.rfind(' ');
    if (zone != std::string_view::npos && zone > 0) {
      const std::size_t date = line.rfind(' ', zone - 1);
      const std::size_t begin = date == std::string_view::npos ? 0 : date + 1;
      if (zone > begin && std::all_of(line.begin() + static_cast<std::ptrdiff_t>(begin),
                                      line.begin() + static_cast<std::ptrdiff_t>(zone), is_digit)) {
        cut = begin;
        moment = line.substr(begin);
      }
    }
    name = line.substr(0, std::min(open, cut));
    if (open != std::string_view::npos && open < cut) email = line.substr(open + 1, cut - open - 1);
  }
  signature.name = bounded(trim_spaces(name));
  signature.email = bounded(trim_spaces(email));
  parse_moment(moment, signature, faults);
  return signature;
}

CommitHeader parse_commit_header(std::string_view bytes) {
  CommitHeader result;
  Header header;
  bool has_author = false;
  while (take_header(bytes, header)) {
    if (header.key == "tree" && !result.tree && !has_author) {
      result.tree = parse_id(header.value);
    } else if (header.key == "parent" && !has_author) {
      if (const auto id = parse_id(header.value))
        result.parents.push_back(*id);
      else
        result.is_damaged = true;
    } else if (header.key == "author") {
      has_author = true;
    } else if (header.key == "committer") {
      result.committed_at = time_of(header.value);
      break;
    }
  }
  result.is_damaged = result.is_damaged || !result.tree;
  return result;
}

RawCommit parse_commit(std::string_view bytes) {
  RawCommit result;
  std::string_view author, committer, encoding;
  bool has_author = false, has_committer = false;
  Header header;
  while (take_header(bytes, header)) {
    if (header.key == "tree" && !result.header.tree && !has_author && !has_committer) {
      result.header.tree = parse_id(header.value);
    } else if (header.key == "parent" && !has_author && !has_committer) {
      if (const auto id = parse_id(header.value)) result.header.parents.push_back(*id);
    } else if (header.key == "author" && !has_author) {
      author = header.value;
      has_author = true;
    } else if (header.key == "committer" && !has_committer) {
      committer = header.value;
      has_committer = true;
    } else if (header.key == "encoding" && encoding.empty()) {
      encoding = trim_spaces(header.value);
    }
  }
  const auto decode = [&](std::string_view text) -> std::string {
    if (is_clean_text(text) && is_utf8_name(encoding)) return std::string(text);
    if (!is_utf8_name(encoding)) {
      if (auto converted = convert_to_utf8(text, encoding)) return *converted;
      if (!is_clean_text(text))
        result.faults.push_back("text is not in its declared encoding " + bounded(encoding).substr(0, 40));
    }
    return std::string(text);
  };
  if (!result.header.tree) result.faults.push_back("no tree; its files are not counted");
  if (!has_author) result.faults.push_back("no author");
  if (!has_committer) {
    result.faults.push_back("no committer; the author was taken");
    committer = author;
  }
  result.author = parse_signature(decode(author), &result.faults);
  result.committer = author == committer ? result.author : parse_signature(decode(committer), &result.faults);
  result.header.committed_at = result.committer.time;
  result.message = clean_text(decode(bytes));
  return result;
}

std::optional<std::string> convert_to_utf8(std::string_view text, std::string_view character_set) {
  // The name comes from the commit: nothing that iconv could read as options.
  if (character_set.empty() || character_set.size() > 40 ||
      !std::all_of(character_set.begin(), character_set.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == ':';
      }))
    return std::nullopt;
  const iconv_t converter = iconv_open("UTF-8", std::string(character_set).c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string result;
  std::string input(text);
  char* from = input.data();
  std::size_t left = input.size();
  char buffer[4096];
  bool failed = false;
  for (bool flushing = false; !failed;) {
    char* to = buffer;
    std::size_t room = sizeof buffer;
    const std::size_t status =
        flushing ? iconv(converter, nullptr, nullptr, &to, &room) : iconv(converter, &from, &left, &to, &room);
    result.append(buffer, sizeof buffer - room);
    if (status == static_cast<std::size_t>(-1) && errno != E2BIG) failed = true;
    if (status != static_cast<std::size_t>(-1)) {
      if (flushing) break;
      flushing = true;
    }
  }
  iconv_close(converter);
  if (failed) return std::nullopt;
  return result;
}

}  // namespace resident::git
