// A delivery as it comes: the first line is its id, the second its event, the third its signature, the rest its body.
#include <sources/github/webhooks.hpp>

#include "fuzz.hpp"

namespace {

std::string take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

void require(bool is_so) {
  if (!is_so) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident::github;
  return fuzz(data, size, [](std::string_view rest) {
    const std::string id = take_line(rest), event = take_line(rest), signature = take_line(rest);
    // Nobody guesses a signature; the right one holds for these bytes alone.
    static const std::string secret = "secret of the fuzzer";
    require(!is_signed(secret, rest, signature) || signature == signature_of(secret, rest));
    require(!is_signed("", rest, signature));
    require(is_signed(secret, rest, signature_of(secret, rest)));
    require(!is_signed(secret, std::string(rest) + " ", signature_of(secret, rest)));
    const Delivery delivery = read_delivery(id, event, rest);
    require(delivery.id == id && delivery.event == event);
    // Either there is something to read, which has a possible number, or the reason why not.
    require(!delivery.numbers.empty() || !delivery.ignored.empty());
    for (const auto number : delivery.numbers) require(number > 0 && number < (std::int64_t{1} << 31));
    require(delivery.action.find('\n') == std::string::npos);
  });
}
