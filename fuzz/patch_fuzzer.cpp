// Patches by mail: subjects, texts with diffs, answers, and series assembled of them. Mails stand behind one another,
// each with its subject in the first line, "\x01" between two. Every mail of a series has to be in it once.
#include <base/message_ids.hpp>
#include <set>
#include <sources/mail/patches/patch_text.hpp>
#include <sources/mail/patches/series.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [&](std::string_view text) {
    std::vector<resident::mail::MailFacts> mails;
    std::string last;
    while (!text.empty() && mails.size() < 200) {
      const std::size_t end = text.find('\x01');
      const std::string_view mail = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      const std::size_t line = mail.find('\n');
      resident::mail::Message message;
      message.id = std::to_string(mails.size()) + "@host";
      message.date = static_cast<resident::Timestamp>(mails.size() * 1000);
      message.subject = mail.substr(0, line);
      if (line != std::string_view::npos) message.body = mail.substr(line + 1);
      message.author.name = message.body.size() % 3 ? "Ann Arden" : "Bob Berg";
      if (message.body.size() % 2 && !last.empty()) message.references.push_back(last);
      last = message.id;
      const auto subject = resident::mail::parse_patch_subject(message.subject);
      if (subject.has_number() && (subject.part > subject.parts || subject.parts == 0)) __builtin_trap();
      const auto patch = resident::mail::parse_patch_text(message.body);
      if (patch.has_diff != !patch.patch_id.empty()) __builtin_trap();
      mails.push_back(resident::mail::facts_of(message));
      const auto again = resident::mail::unpacked_facts(resident::mail::packed_facts(mails.back()));
      if (again.patch_id != mails.back().patch_id || again.paths != mails.back().paths ||
          again.tags != mails.back().tags || again.role != mails.back().role)
        __builtin_trap();
    }
    try {
      resident::mail::unpacked_facts(text);
    } catch (const resident::Error&) {
    }
    std::set<std::size_t> seen;
    for (const auto& series : resident::mail::assemble_series(mails)) {
      for (const auto& version : series.versions) {
        if (version.cover && !seen.insert(*version.cover).second) __builtin_trap();
        for (const auto& [number, place] : version.own)
          if (!seen.insert(place).second) __builtin_trap();
      }
      for (const auto& answer : series.answers)
        if (!seen.insert(answer.mail).second) __builtin_trap();
    }
    for (std::size_t i = 0; i < mails.size(); ++i)
      if (mails[i].is_of_series() && !seen.contains(i)) __builtin_trap();
  });
}
