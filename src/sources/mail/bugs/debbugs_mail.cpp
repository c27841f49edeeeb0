#include <algorithm>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <sources/decode/decode.hpp>
#include <sources/mail/bugs/debbugs_mail.hpp>

namespace resident::mail {

namespace {

using Kind = DebbugsMail::Kind;
constexpr std::size_t kMostCommands = 1000;

std::int64_t whole(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// By the address at which it came in.
void place(const std::string& address, DebbugsMail& mail) {
  static const Pattern of_bug(R"(^(\d{1,9})(?:-(\w+))?$)");
  std::string number, what;
  if (of_bug.matches(address, &number, &what)) {
    mail.bug = whole(number);
    mail.kind = what == "done" || what == "close" ? Kind::done : what == "forwarded" ? Kind::forwarded : Kind::followup;
    return;
  }
  if (address == "control" || address == "request" || address == "fakecontrol") mail.kind = Kind::control;
  if (address == "submit" || address == "bugs" || address == "maintonly" || address == "quiet")
    mail.kind = Kind::report;
}

// "-----BEGIN PGP SIGNED MESSAGE-----" before, its signature behind.
std::string_view without_signature(std::string_view text) {
  if (!text.starts_with("-----BEGIN PGP SIGNED")) return text;
  const std::size_t begin = text.find("\n\n");
  if (begin == std::string_view::npos) return text;
  text.remove_prefix(begin + 2);
  return text.substr(0, text.find("\n-----BEGIN PGP SIGNATURE"));
}

// Takes the pseudo-headers off the front.
std::string_view take_pseudo(std::string_view text, DebbugsMail& mail) {
  static const Pattern line(R"(^([\w-]+):(?:\s|\x{A0})*(\S.*?)\s*$)");
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string name, value;
    if (!line.matches(text.substr(0, end), &name, &value)) break;
    mail.pseudo.emplace(to_lower(name), value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return text;
}

void take_commands(std::string_view text, DebbugsMail& mail) {
  for (const std::string_view line : split(text, '\n')) {
    if (ends_commands(line) || mail.asked.size() >= kMostCommands) return;
    if (auto command = parse_command(line)) mail.asked.push_back({std::move(*command), false, 0, {}});
  }
}

// "Bug 12 cloned as bugs 30-31 and 34".
std::vector<std::int64_t> clones_told(std::string_view line) {
  static const Pattern cloned(R"(Bug \d+ cloned as bugs? ([\d, and-]+))"), numbers(R"((\d+)(?:-(\d+))?)");
  constexpr std::size_t kMost = 100;
  std::vector<std::int64_t> clones;
  std::string list, first, to;
  if (!cloned.found_in(line, &list)) return clones;
  std::string_view rest = list;
  while (numbers.find_next(rest, &first, &to))
    for (std::int64_t each = whole(first); each <= whole(to.empty() ? first : to) && clones.size() < kMost; ++each)
      clones.push_back(each);
  return clones;
}

// What the system notes in the log of a bug that it made as a copy of another one.
void take_note(std::string_view text, DebbugsMail& mail) {
  static const Pattern from(R"(Bug (\d+) cloned as)");
  std::string number;
  for (const std::string_view line : split(text, '\n'))
    if (from.found_in(line, &number)) {
      BugCommand command;
      command.name = "clone";
      command.bug = whole(number);
      mail.asked.push_back({std::move(command), false, 0, clones_told(line)});
    }
}

// "> severity 12 minor", and below it what became of it.
void take_transcript(std::string_view text, DebbugsMail& mail) {
  static const Pattern failed(
      R"(^(?:Failed to |Unknown command|Unknown tag|Did not alter |Unable to |Severity level .* is (?:not known|obsolete)|.* is not a valid e-mail address))"),
      about(R"(^Bug #(\d+) )");
  AskedOf* last = nullptr;
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with("-- ")) return;
    if (line.starts_with("> ")) {
      last = nullptr;
      auto command = parse_command(line.substr(2));
      if (!command || mail.asked.size() >= kMostCommands) continue;
      mail.asked.push_back({std::move(*command), false, 0, {}});
      last = &mail.asked.back();
    } else if (last) {
      if (failed.found_in(line)) last->has_failed = true;
      std::string number;
      if (last->bug == 0 && about.found_in(line, &number)) last->bug = whole(number);
      if (auto clones = clones_told(line); !clones.empty()) last->clones = std::move(clones);
    }
  }
}

// An archive's programs close bugs in their own name: the upload's mail says whose it was.
PersonRecord uploader(const Message& message) {
  static const Pattern changed(R"((?m)^Changed-By:\s*(\S.*?)\s*$)");
  std::string who;
  if (message.body.find("\nChanged-By:") == std::string::npos || !changed.found_in(message.body, &who)) return {};
  return parse_author(who);
}

// What the system sent on, and told.
void sent_on(const std::string& what, const std::vector<HeaderLine>& headers, DebbugsMail& mail,
             const Message& message) {
  static const Pattern form(R"(^([a-z-]+)\s*(\d*)\s*$)"), by(R"(It has been closed by (.+)\n)"),
      dated(R"(Your message dated (.+)\n)"), fixed(R"(fixed in \S+ ([0-9][\w.+:~-]*))");
  std::string word, number;
  if (!form.matches(what, &word, &number)) return;
  if (!number.empty()) mail.bug = whole(number);
  if (word == "report" || word == "followup") {
    if (mail.kind != Kind::done) mail.kind = word == "report" ? Kind::report : Kind::followup;
    return;
  }
  mail.kind = word == "transcript"                        ? Kind::transcript
              : word == "closed" || word == "they-closed" ? Kind::closed
                                                          : Kind::other;
  if (mail.kind == Kind::other) return;
  mail.actor = {};
  std::string value;
  if (word == "they-closed") {
    if (by.found_in(message.body, &value)) mail.actor = parse_author(value.substr(0, value.find(" (")));
  } else {
    for (const HeaderLine& header : headers)
      if (header.name == "to") mail.actor = parse_author(header.value.substr(0, header.value.find(">,")));
  }
  if (mail.kind != Kind::closed) return;
  if (dated.found_in(message.body, &value))
    if (const auto at = parse_date(value); at && *at <= mail.at) mail.at = *at;
  std::string body = message.body;
  std::replace(body.begin(), body.end(), '\n', ' ');
  fixed.found_in(body, &mail.version);
}

}  // namespace

DebbugsMail read_debbugs_mail(std::string_view raw, std::string_view separator) {
  static const Pattern received(R"(^\(at (\S+)\) by (\S+);?\s*(.*)$)"), message_header(R"(^x-[\w-]+-pr-message$)"),
      package_header(R"(^x-[\w-]+-pr-package$)"), keywords_header(R"(^x-[\w-]+-pr-keywords$)"),
      named(R"((?i)^(?:Re:\s*)*Bug ?#(\d{1,9}):?\s*)");
  const Message message = read_message(raw, separator);
  const std::vector<HeaderLine> headers = all_headers(raw);
  DebbugsMail mail;
  mail.key = mail_key(message.id);
  for (const std::string& id : message.references) mail.references.push_back(mail_key(id));
  mail.actor = message.author;
  std::string address, date, what;
  for (const HeaderLine& header : headers) {
    std::string host;
    if (header.name == "received" && address.empty() && received.matches(header.value, &address, &host, &date) &&
        host.find('.') != std::string::npos)
      mail.host = to_lower(host.substr(0, host.find(';')));
    if (what.empty() && message_header.matches(header.name)) what = header.value;
    if (package_header.matches(header.name)) mail.package = to_lower(trim(header.value));
    if (keywords_header.matches(header.name)) mail.keywords = to_lower(trim(header.value));
    // What the system writes itself names its host in the addresses of its mails alone.
    if (mail.host.empty() && header.name == "x-loop" && header.value.find('@') != std::string::npos)
      mail.host = to_lower(trim(header.value.substr(header.value.find('@') + 1)));
  }
  const auto at = parse_date(date.empty() ? std::string_view() : std::string_view(date));
  if (!at && !message.date && !message.received) throw Error("the mail has no date");
  mail.at = at ? *at : message.date ? *message.date : *message.received;
  place(address, mail);
  std::string_view title = message.subject;
  std::string number;
  if (named.take_front(title, &number) && (mail.bug == 0 || mail.bug == whole(number))) {
    // A report that names a bug in its subject is none: the system files it there.
    if (mail.kind == Kind::report && what.empty()) mail.kind = Kind::followup, mail.bug = whole(number);
  } else {
    title = message.subject;
  }
  mail.title = std::string(title);
  if (!what.empty()) sent_on(what, headers, mail, message);
  std::string_view text = without_signature(message.body);
  if (mail.kind == Kind::control) {
    if (address == "fakecontrol")
      take_note(message.body, mail);
    else
      take_commands(text, mail);
  } else if (mail.kind == Kind::transcript) {
    take_transcript(message.body, mail);
  } else if (mail.kind != Kind::closed && mail.kind != Kind::other) {
    text = take_pseudo(text, mail);
    for (auto [each, end] = mail.pseudo.equal_range("control"); each != end; ++each)
      if (auto command = parse_command(each->second)) mail.asked.push_back({std::move(*command), false, 0, {}});
    if (mail.kind == Kind::done)
      if (const PersonRecord who = uploader(message); who.known()) mail.actor = who;
  }
  mail.text = std::string(text);
  return mail;
}

std::vector<DebbugsMail> read_debbugs_mails(std::string_view raw, std::string_view separator) {
  std::vector<DebbugsMail> mails{read_debbugs_mail(raw, separator)};
  if (mails[0].kind != Kind::closed) return mails;
  const std::int64_t bug = mails[0].bug;
  for (const std::string& text : attached_messages(raw)) {
    try {
      DebbugsMail carried = read_debbugs_mail(text, {});
      if (carried.bug == 0) carried.bug = bug;
      if (carried.host.empty()) carried.host = mails[0].host;
      if (carried.kind == Kind::report || carried.kind == Kind::done) mails.push_back(std::move(carried));
    } catch (const Error&) {
      // It told of the closing without it.
    }
  }
  return mails;
}

}  // namespace resident::mail
