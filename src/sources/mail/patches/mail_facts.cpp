#include <algorithm>
#include <base/error.hpp>
#include <base/message_ids.hpp>
#include <base/packed.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/mail/find.hpp>
#include <sources/mail/patches/mail_facts.hpp>
#include <sources/mail/patches/patch_text.hpp>

namespace resident::mail {

namespace {

constexpr std::uint64_t kForm = 1;

// The commit with which a request to pull ends, and the one before its first (git request-pull); "" where the mail is
// none.
std::string head_of_pull_request(const std::string& body, std::string& base) {
  if (!holds(body, "git ") && !holds(body, "Git ") && !holds(body, "fetch changes")) return {};
  static const Pattern fetch(R"((?m)^for you to fetch changes up to ([0-9a-f]{7,64}))");
  static const Pattern since(R"((?m)^The following changes since commit ([0-9a-f]{7,64}))");
  std::string sha;
  if (!fetch.found_in(body, &sha)) return {};
  since.found_in(body, &base);
  return sha;
}

void take_patch(const Message& message, MailFacts& facts) {
  PatchText patch = parse_patch_text(message.body);
  if (!patch.has_diff && !message.attached_diff.empty()) {
    PatchText attached = parse_patch_text(message.attached_diff);
    if (attached.has_diff) {
      attached.linked_ids = std::move(patch.linked_ids);
      patch = std::move(attached);
    }
  }
  facts.has_diff = patch.has_diff;
  facts.is_whole = patch.is_whole;
  facts.author = patch.author.known() ? std::move(patch.author) : facts.sender;
  facts.title = patch.title.empty() ? facts.parsed.title : std::move(patch.title);
  facts.paths = std::move(patch.paths);
  facts.additions = patch.additions;
  facts.deletions = patch.deletions;
  facts.patch_id = std::move(patch.patch_id);
  facts.base_commit = std::move(patch.base_commit);
  facts.upstream_commit = std::move(patch.upstream_commit);
  facts.change_id = std::move(patch.change_id);
  for (const std::string& id : patch.linked_ids) facts.linked.push_back(mail_key(id));
  facts.tags = std::move(patch.tags);
}

// Quotes what it answers.
bool quotes(const std::string& body) {
  return body.starts_with("> ") || holds(body, "\n> ");
}

PatchRole role_of(const Message& message, const MailFacts& facts, const std::string& head) {
  const PatchSubject& subject = facts.parsed;
  const bool has_text = facts.has_diff || message.attachments > 0;
  if (subject.is_reply) return PatchRole::other;
  if (!head.empty() && !facts.has_diff) return PatchRole::pull_request;
  if (subject.is_cover() && (subject.is_patch || subject.is_pull_request))
    return subject.is_pull_request ? PatchRole::pull_request : PatchRole::cover;
  // Some mail programs answer under the same subject, without "Re:".
  if (!facts.has_diff && !facts.references.empty() && quotes(message.body)) return PatchRole::other;
  if (facts.has_diff && (subject.is_patch || subject.has_number() || subject.is_for_record)) return PatchRole::patch;
  if (subject.is_patch && has_text) return PatchRole::patch;
  if (subject.is_patch && subject.has_number()) return PatchRole::patch;
  // As git format-patch writes it, under a subject of one's own.
  if (facts.has_diff && holds(message.body, "\n---\n") && holds(message.body, "\ndiff --git ")) return PatchRole::patch;
  return PatchRole::other;
}

bool may_hold_diff(const std::string& body) {
  return holds(body, "\n@@ -") || holds(body, "diff --git ");
}

// An answer with a whole patch below "---" or a scissors line.
bool brings_patch(const std::string& body) {
  if (!body.starts_with("diff --git ") && !holds(body, "\ndiff --git ")) return false;
  return holds(body, "\n---\n") || holds(body, "-- >8 --") || holds(body, "-->8--") || holds(body, "--- >8 ---") ||
         holds(body, "8< --") || holds(body, "--8<--");
}

void pack(Packer& packer, const std::vector<std::string>& list) {
  packer.whole(list.size());
  for (const auto& each : list) packer.text(each);
}

void pack(Packer& packer, const PersonRecord& person) {
  packer.text(person.name);
  packer.text(person.email);
}

std::vector<std::string> unpack_list(Unpacker& unpacker) {
  std::vector<std::string> list(unpacker.count(1));
  for (auto& each : list) each = unpacker.text();
  return list;
}

PersonRecord unpack_person(Unpacker& unpacker) {
  PersonRecord person;
  person.provider = "mail";
  person.name = unpacker.text();
  person.email = unpacker.text();
  return person;
}

}  // namespace

const char* role_name(PatchRole role) {
  switch (role) {
    case PatchRole::other:
      break;
    case PatchRole::cover:
      return "cover";
    case PatchRole::patch:
      return "patch";
    case PatchRole::pull_request:
      return "pull request";
  }
  return "answer";
}

std::string person_key(const PersonRecord& person) {
  // One word is no name to go by.
  const std::string name = title_key(person.name);
  return name.find(' ') != std::string::npos || person.email.empty() ? name : person.email;
}

std::string MailFacts::sender_key() const {
  return person_key(sender);
}

MailFacts facts_of(const Message& message) {
  MailFacts facts;
  facts.key = mail_key(message.id);
  facts.references.reserve(message.references.size());
  for (const std::string& id : message.references) facts.references.push_back(mail_key(id));
  facts.at = message.date.value_or(0);
  facts.sender = message.author;
  facts.subject = message.subject;
  facts.list = message.list;
  facts.text_print = fingerprint(message.body);
  facts.parsed = parse_patch_subject(message.subject);
  const bool is_letter = !facts.parsed.is_reply;
  std::string base;
  const std::string head = is_letter ? head_of_pull_request(message.body, base) : std::string();
  const bool by_subject = facts.parsed.is_patch || facts.parsed.has_number() || facts.parsed.is_for_record ||
                          facts.parsed.is_pull_request || !head.empty();
  const bool by_text = may_hold_diff(message.body) || !message.attached_diff.empty();
  if (is_letter && (by_subject || by_text)) {
    take_patch(message, facts);
    facts.role = role_of(message, facts, head);
    facts.head_commit = head;
    if (facts.base_commit.empty()) facts.base_commit = base;
  } else if (!is_letter && by_text && brings_patch(message.body)) {
    take_patch(message, facts);
    facts.is_reply_patch = facts.has_diff;
  }
  // What answers nothing speaks of no patch.
  if (!facts.is_of_series() && (!is_letter || !facts.references.empty())) {
    const std::string words = unquoted_words(message.body);
    facts.tags = review_tags(words);
    facts.statement = statement_of(words);
    if (!facts.tags.empty()) {
      std::string_view rest = words;
      std::size_t others = 0;
      while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = trim(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        // The attribution line above a quotation says nothing either.
        if (!line.empty() && line.find("-by:") == std::string_view::npos && !line.ends_with("wrote:")) ++others;
      }
      facts.only_tags = others == 0;
    }
  }
  return facts;
}

std::string packed_facts(const MailFacts& facts) {
  Packer packer;
  packer.whole(kForm);
  packer.text(facts.key);
  pack(packer, facts.references);
  packer.signed_whole(facts.at);
  pack(packer, facts.sender);
  packer.text(facts.subject);
  packer.text(facts.list);
  packer.text(facts.text_print);
  packer.whole(static_cast<std::uint64_t>(facts.role) | (facts.is_reply_patch ? 16U : 0U) |
               (facts.has_diff ? 32U : 0U) | (facts.is_whole ? 64U : 0U) | (facts.only_tags ? 128U : 0U));
  pack(packer, facts.author);
  packer.text(facts.title);
  pack(packer, facts.paths);
  packer.signed_whole(facts.additions);
  packer.signed_whole(facts.deletions);
  for (const std::string* each :
       {&facts.patch_id, &facts.base_commit, &facts.upstream_commit, &facts.change_id, &facts.head_commit})
    packer.text(*each);
  pack(packer, facts.linked);
  packer.whole(facts.tags.size());
  for (const ReviewTag& tag : facts.tags) {
    packer.text(tag.token);
    packer.text(tag.name);
    packer.text(tag.email);
  }
  packer.text(said_name(facts.statement.said));
  packer.whole(facts.statement.parts.size());
  for (const int part : facts.statement.parts) packer.signed_whole(part);
  pack(packer, facts.statement.commits);
  return packer.take();
}

MailFacts unpacked_facts(std::string_view bytes) {
  Unpacker unpacker(bytes);
  if (unpacker.whole() != kForm) throw Error("facts of a mail in another form");
  MailFacts facts;
  facts.key = unpacker.text();
  facts.references = unpack_list(unpacker);
  facts.at = unpacker.signed_whole();
  facts.sender = unpack_person(unpacker);
  facts.subject = unpacker.text();
  facts.list = unpacker.text();
  facts.text_print = unpacker.text();
  facts.parsed = parse_patch_subject(facts.subject);
  const std::uint64_t flags = unpacker.whole();
  facts.role = static_cast<PatchRole>(flags & 3U);
  facts.is_reply_patch = (flags & 16U) != 0;
  facts.has_diff = (flags & 32U) != 0;
  facts.is_whole = (flags & 64U) != 0;
  facts.only_tags = (flags & 128U) != 0;
  facts.author = unpack_person(unpacker);
  facts.title = unpacker.text();
  facts.paths = unpack_list(unpacker);
  facts.additions = unpacker.signed_whole();
  facts.deletions = unpacker.signed_whole();
  for (std::string* each :
       {&facts.patch_id, &facts.base_commit, &facts.upstream_commit, &facts.change_id, &facts.head_commit})
    *each = unpacker.text();
  facts.linked = unpack_list(unpacker);
  facts.tags.resize(unpacker.count(3));
  for (ReviewTag& tag : facts.tags) {
    tag.token = unpacker.text();
    tag.name = unpacker.text();
    tag.email = unpacker.text();
  }
  facts.statement.said = said_of(unpacker.text());
  facts.statement.parts.resize(unpacker.count(1));
  for (int& part : facts.statement.parts) part = static_cast<int>(unpacker.signed_whole());
  facts.statement.commits = unpack_list(unpacker);
  return facts;
}

}  // namespace resident::mail
