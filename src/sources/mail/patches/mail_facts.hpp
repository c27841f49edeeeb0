// What a mail says as far as patches are concerned: which part of which version of a series it is, or what it answers
// and says there. All of it is drawn from the mail alone, so it can be kept and need not be read again; who belongs to
// whom is worked out later, from all mails together (series.hpp).
#pragma once

#include <sources/mail/message.hpp>
#include <sources/mail/patches/patch_subject.hpp>
#include <sources/mail/patches/review_tags.hpp>
#include <string>
#include <vector>

namespace resident::mail {

enum class PatchRole { other, cover, patch, pull_request };
const char* role_name(PatchRole role);

struct MailFacts {
  std::string key;                      // of the Message-ID (mail_key)
  std::vector<std::string> references;  // keys, oldest first
  Timestamp at = 0;                     // sent: by Date, where that can be
  PersonRecord sender;
  std::string subject, list;
  std::string text_print;  // of the text: the same text again changes nothing
  PatchSubject parsed;     // of the subject
  PatchRole role = PatchRole::other;
  bool is_reply_patch = false;  // an answer that brings a whole patch in its text
  // Of a patch, a cover letter or a request to pull.
  bool has_diff = false, is_whole = true;
  PersonRecord author;  // of the patch: "From:" in the body, else the sender
  std::string title;
  std::vector<std::string> paths;
  std::int64_t additions = 0, deletions = 0;
  std::string patch_id, base_commit, upstream_commit, change_id;
  std::string head_commit;          // of a request to pull: what it ends with
  std::vector<std::string> linked;  // keys of earlier versions, as it says
  std::vector<ReviewTag> tags;      // of its message, or of an answer's own words
  // Of an answer.
  Statement statement;
  bool only_tags = false;  // nothing is said beside its tags

  bool is_of_series() const { return role != PatchRole::other; }
  // For joining what one person sent: the name, else the address; lower case.
  std::string sender_key() const;
};

std::string person_key(const PersonRecord& person);

// message.date must be there.
MailFacts facts_of(const Message& message);

// As bytes, for the next run; what cannot be read back is an Error.
std::string packed_facts(const MailFacts& facts);
MailFacts unpacked_facts(std::string_view bytes);

}  // namespace resident::mail
