#include <sources/mail/bugs/debbugs_log.hpp>
#include <sources/mail/bugs/launchpad_log.hpp>
#include <sources/mail/message.hpp>
#include <sources/mail/splitter.hpp>
#include <sources/mail/threading.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [&](std::string_view text) {
    std::vector<resident::mail::Node> nodes;
    resident::mail::DebbugsLog debbugs;
    resident::mail::LaunchpadLog launchpad;
    const auto take_bugs = [&](std::string_view mail, std::string_view separator) {
      try {
        for (auto& each : resident::mail::read_debbugs_mails(mail, separator)) debbugs.take(std::move(each), 1);
        if (auto each = resident::mail::read_launchpad_mail(mail, separator)) launchpad.take(std::move(*each));
      } catch (const resident::Error&) {
      }
    };
    resident::mail::Splitter splitter([&](std::uint64_t, std::string_view separator, std::string_view mail, bool) {
      take_bugs(mail, separator);
      try {
        const auto message = resident::mail::read_message(mail, separator);
        for (const auto& node : nodes)
          if (node.id == message.id) return;
        nodes.push_back({message.id, message.references, message.subject, message.list, message.date.value_or(0)});
      } catch (const resident::Error&) {
      }
    });
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      splitter.line(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    splitter.finish();
    debbugs.bugs();
    launchpad.bugs();
    std::size_t total = 0;
    for (const auto& thread : resident::mail::thread_messages(nodes)) total += thread.messages.size();
    if (total != nodes.size()) __builtin_trap();
  });
}
