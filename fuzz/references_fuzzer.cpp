// Any bytes as a description, a message and what somebody typed: what is spoken keeps its length and its lines, and
// references stand in order within it.
#include <base/references.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Markup markup : {Markup::markdown, Markup::message}) {
    const std::string spoken = spoken_text(text, markup);
    require(spoken.size() == text.size());
    for (std::size_t i = 0; i < size; ++i) require((spoken[i] == '\n') == (text[i] == '\n'));
    for (const ForgeForms forge : {ForgeForms::github, ForgeForms::gitlab, ForgeForms::gitea}) {
      ReferenceRules rules;
      rules.forge = forge;
      rules.set_address("https://github.com/o/r");
      std::size_t end = 0;
      for (const auto& each : references_in_spoken(spoken, rules)) {
        require(each.begin >= end && each.end > each.begin && each.end <= size);
        require(each.number > 0 && each.number <= kLargestReference);
        end = each.end;
      }
      single_reference(text, rules);
      rules.set_address(text);
    }
  }
  return 0;
}
