#include <algorithm>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <sources/decode/decode.hpp>
#include <sources/mail/bugs/launchpad_mail.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kMostChanges = 500;

std::int64_t whole(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// "Ann Arden (ann)".
PersonRecord person_in(std::string_view text) {
  static const Pattern form(R"(^(.*?)\s*\(([^()\s]+)\)\s*$)");
  PersonRecord person;
  std::string name, login;
  const std::string plain = decode_words(text);
  if (!form.matches(plain, &name, &login)) return person;
  person.provider = "launchpad";
  person.login = login;
  person.name = name.find('@') == std::string::npos ? name : "";
  return person;
}

bool is_nobody(std::string_view text) {
  return text.empty() || text == "None" || text == "(unassigned)";
}

// "product=pump; status=New; importance=Low; assignee=None;", as the text calls it: "pump", "pump (Ubuntu Noble)".
void take_task(std::string_view value, LaunchpadMail& mail) {
  std::map<std::string, std::string> parts;
  for (const std::string_view part : split(value, ';'))
    if (const std::size_t equals = part.find('='); equals != std::string_view::npos)
      parts[to_lower(trim(part.substr(0, equals)))] = std::string(trim(part.substr(equals + 1)));
  std::string target = to_lower(parts["product"]);
  if (!parts["productseries"].empty()) target += "/" + to_lower(parts["productseries"]);
  if (target.empty()) {
    std::string where = to_lower(parts["distribution"]);
    if (!parts["distroseries"].empty()) where += " " + to_lower(parts["distroseries"]);
    const std::string package = to_lower(parts["sourcepackage"]);
    target = package.empty() || package == "none" ? where : package + " (" + where + ")";
  }
  if (target.empty()) return;
  LaunchpadTask& task = mail.tasks[target];
  task.status = parts["status"];
  task.importance = parts["importance"];
  task.tells_assignee = is_nobody(parts["assignee"]);
}

void take_headers_of(const std::vector<HeaderLine>& headers, LaunchpadMail& mail) {
  for (const HeaderLine& header : headers) {
    if (header.name == "x-launchpad-bug") take_task(header.value, mail);
    if (header.name == "x-launchpad-bug-reporter") mail.reporter = person_in(header.value);
    if (header.name == "x-launchpad-bug-modifier") mail.actor = person_in(header.value);
    if (header.name == "x-launchpad-bug-duplicate") mail.duplicate_of = whole(trim(header.value));
    if (header.name == "x-launchpad-bug-private") mail.is_private = trim(header.value) == "yes";
    if (header.name == "x-launchpad-bug-tags")
      for (const auto tag : split(header.value, ' '))
        if (!trim(tag).empty()) mail.tags.emplace_back(trim(tag));
  }
}

// Launchpad numbers its notifications by the moment: hundredths of a second, and before 2009 the date itself.
std::optional<Timestamp> moment_of(std::string_view id) {
  static const Pattern hundredths(R"(^(1[0-9]{11})\.\d+\.\d+\.malonedeb@)"),
      dated(R"(^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.[\w.]+malonedeb@)");
  std::string digits;
  if (hundredths.found_in(id, &digits)) return whole(digits) / 100;
  std::string year, month, day, hour, minute, second;
  if (!dated.found_in(id, &year, &month, &day, &hour, &minute, &second)) return std::nullopt;
  return parse_time(year + "-" + month + "-" + day + "T" + hour + ":" + minute + ":" + second + "Z");
}

// The text goes on below a footer: how the bug stands, its title and its description, indented by two.
void take_footer(std::string_view footer, LaunchpadMail& mail) {
  std::string* into = nullptr;
  for (const std::string_view line : split(footer, '\n')) {
    if (line.starts_with("  ") && into) {
      *into += (into->empty() ? "" : into == &mail.title ? " " : "\n") + std::string(line.substr(2));
    } else if (line == "Title:") {
      into = &mail.title;
    } else if (line == "Bug description:") {
      into = &mail.description;
    } else if (line.empty() && into == &mail.description) {
      *into += "\n";
    } else {
      into = nullptr;
    }
  }
  mail.title = std::string(trim(mail.title));
  mail.description = std::string(trim(mail.description));
}

class ChangeReader {
 public:
  explicit ChangeReader(LaunchpadMail& mail) : mail_(mail) {}

  // The lines from the first "** " on.
  void read(std::string_view text) {
    static const Pattern field(R"(^\s+([A-Z][A-Za-z ]*): (.*)$)");
    for (const std::string_view line : split(text, '\n')) {
      if (mail_.changes.size() >= kMostChanges) return;
      std::string name, value;
      if (line.starts_with("** ")) {
        head(std::string(trim(line.substr(3))));
      } else if (!target_.empty() && field.matches(line, &name, &value)) {
        const std::size_t arrow = value.find(" => ");
        if (arrow != std::string::npos)
          add(name, std::string(trim(value.substr(0, arrow))), std::string(trim(value.substr(arrow + 4))));
        else
          add(name, "", std::string(trim(value)));
      } else if (in_summary_ && line.starts_with("- ")) {
        mail_.changes.back().before = std::string(trim(line.substr(2)));
      } else if (in_summary_ && line.starts_with("+ ")) {
        mail_.changes.back().after = std::string(trim(line.substr(2)));
      }
    }
  }

 private:
  void add(const std::string& what, const std::string& before, const std::string& after) {
    mail_.changes.push_back({what, target_, before, after});
  }

  void head(const std::string& line) {
    static const Pattern changed(R"(^(?:Changed in|Affects): (.*)$)"), affects(R"(^Also affects: (.*?)(?: via)?$)"),
        unaffects(R"(^No longer affects: (.*)$)"), moved(R"(^(?:Project|Package) changed: (.*) => (.*)$)"),
        tags(R"(^Tags( added| removed)?: (.*)$)"),
        duplicate(R"(^This bug has been marked a duplicate of (?:private )?bug (\d+))"),
        no_duplicate(R"(^This bug is no longer a duplicate of (?:private )?bug (\d+))"),
        file(R"(^(?:Attachment|Patch) (added|removed): "(.*)\"$)"), watch(R"(^Bug watch (added|removed): (.*)$)");
    target_.clear();
    in_summary_ = line == "Summary changed:";
    std::string a, b;
    if (changed.matches(line, &a)) {
      target_ = a;
    } else if (affects.matches(line, &a)) {
      target_ = a;
      add("affects", "", a);
    } else if (unaffects.matches(line, &a)) {
      add("unaffects", a, "");
    } else if (moved.matches(line, &a, &b)) {
      add("moves", a, b);
    } else if (tags.matches(line, &a, &b)) {
      for (const auto tag : split(b, ' '))
        if (!tag.empty()) add(a == " removed" ? "untag" : "tag", "", std::string(tag));
    } else if (duplicate.found_in(line, &a)) {
      add("duplicate", "", a);
    } else if (no_duplicate.found_in(line, &a)) {
      add("duplicate", a, "");
    } else if (in_summary_) {
      add("summary", "", "");
    } else if (line == "Description changed:") {
      add("description", "", "");
    } else if (file.matches(line, &a, &b)) {
      add("attachment", a == "removed" ? b : "", a == "added" ? b : "");
    } else if (watch.matches(line, &a, &b)) {
      add("watch", a == "removed" ? b : "", a == "added" ? b : "");
    } else {
      add("other", "", line);
    }
  }

  LaunchpadMail& mail_;
  std::string target_;
  bool in_summary_ = false;
};

void take_text(std::string_view body, LaunchpadMail& mail) {
  static const Pattern of_other(
      R"(^\*\*\* This bug is a (?:security vulnerability|duplicate of bug \d+) \*\*\*\n(?:\s+https?://\S+\n)?\n*)");
  constexpr std::string_view kFooter = "\n-- \n", kReported = "ublic bug reported:";
  std::string_view text = body;
  if (const std::size_t footer = body.rfind("\n-- \nYou received this bug notification");
      footer != std::string_view::npos) {
    text = body.substr(0, footer + 1);
    take_footer(body.substr(footer + kFooter.size()), mail);
  } else if (body.starts_with("-- \nYou received this bug notification")) {
    text = {};
    take_footer(body, mail);
  }
  while (of_other.take_front(text)) {
  }
  std::size_t changes = text.starts_with("** ") ? 0 : text.find("\n** ");
  std::string_view said = text.substr(0, changes);
  if (changes != std::string_view::npos) ChangeReader(mail).read(text.substr(changes));
  if (const std::size_t reported = said.find(kReported);
      mail.is_new && reported != std::string_view::npos && reported < 40)
    mail.description = std::string(trim(said.substr(reported + kReported.size())));
  else if (!mail.is_new)
    mail.comment = std::string(trim(said));
}

}  // namespace

std::optional<LaunchpadMail> read_launchpad_mail(std::string_view raw, std::string_view separator) {
  static const Pattern subject(R"((?i)^\[Bug (\d{1,9})\]\s*(\[NEW\]\s*)?(?:Re:\s*)*)"),
      address(R"((?:^|<|\s)(\d{1,9})@bugs\.launchpad\.net)");
  const std::vector<HeaderLine> headers = all_headers(raw);
  const bool is_ours = std::any_of(headers.begin(), headers.end(), [](const HeaderLine& header) {
    return header.name == "x-launchpad-bug" || header.name == "x-launchpad-bug-reporter";
  });
  if (!is_ours) return std::nullopt;
  const Message message = read_message(raw, separator);
  LaunchpadMail mail;
  mail.key = mail_key(message.id);
  for (const std::string& id : message.references) mail.references.push_back(mail_key(id));
  if (!message.date && !message.received) throw Error("the mail has no date");
  mail.at = message.date ? *message.date : *message.received;
  take_headers_of(headers, mail);
  std::string number, is_new;
  std::string_view title = message.subject;
  for (const HeaderLine& header : headers)
    if (mail.bug == 0 && (header.name == "reply-to" || header.name == "from") &&
        address.found_in(header.value, &number))
      mail.bug = whole(number);
  if (const std::size_t bug = title.find("[Bug "); bug != std::string_view::npos) {
    title.remove_prefix(bug);
    if (subject.take_front(title, &number, &is_new)) mail.bug = whole(number);
  }
  if (mail.bug <= 0) throw Error("the notification does not say of which bug it is");
  mail.is_new = !is_new.empty();
  for (const std::string& id : message.references)
    if (!mail.opened) mail.opened = moment_of(id);
  if (!mail.opened && mail.is_new) mail.opened = moment_of(message.id);
  if (mail.opened && *mail.opened > mail.at) mail.opened.reset();
  take_text(message.body, mail);
  if (mail.title.empty()) mail.title = std::string(trim(title));
  // Who wrote: by name and account; the address is the bug's, or that of who answered by mail.
  const bool is_own_address = !message.author.email.ends_with("@bugs.launchpad.net");
  if (!mail.actor.known() && mail.is_new) mail.actor = mail.reporter;
  if (!mail.actor.known()) {
    mail.actor.provider = "launchpad";
    mail.actor.name = message.author.name;
  }
  if (is_own_address && (message.author.name == mail.actor.name || mail.actor.name.empty()))
    mail.actor.email = message.author.email;
  return mail;
}

}  // namespace resident::mail
