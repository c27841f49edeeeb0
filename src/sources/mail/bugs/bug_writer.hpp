// What the sources of bugs by mail have in common: they read all of a place each time, and write what is new or
// different. An archive forgets nothing: what it has no more was left out of the copy, not deleted there.
#pragma once

#include <functional>
#include <sources/mail/place.hpp>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident::mail {

struct BugArchive {
  // As MailPlace::mail; throws Error for a mail that cannot be read.
  std::function<void(std::string_view text, std::string_view separator, const std::string& file)> take;
  // Before the mails of a file.
  std::function<void(const std::string& file)> begin;
  std::function<void(const std::string& file)> end;
  std::function<std::vector<ItemRecord>()> bugs;
};

// hint: of what there has to be, where nothing is. Throws Error where no bug is found.
void read_bugs(const std::string& location, const BugArchive& archive, const std::string& hint, Writer& writer);

}  // namespace resident::mail
