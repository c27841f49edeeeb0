#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <base/error.hpp>
#include <base/packed.hpp>
#include <limits>

namespace resident {
namespace {

RC_GTEST_PROP(Packed, ComesBackAsItWas,
              (std::uint64_t whole, std::int64_t either, std::string text, double number, std::vector<float> many)) {
  Packer packer;
  packer.whole(whole);
  packer.signed_whole(either);
  packer.text(text);
  packer.number(number);
  packer.numbers(many);
  const std::string bytes = packer.take();
  Unpacker unpacker(bytes);
  RC_ASSERT(unpacker.whole() == whole);
  RC_ASSERT(unpacker.signed_whole() == either);
  RC_ASSERT(unpacker.text() == text);
  RC_ASSERT(unpacker.number() == number);
  RC_ASSERT(unpacker.numbers<float>() == many);
  unpacker.finish();
}

TEST(Packed, TheEndsOfTheScale) {
  Packer packer;
  for (const auto value : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                           std::int64_t{-1}, std::int64_t{0}})
    packer.signed_whole(value);
  packer.whole(std::numeric_limits<std::uint64_t>::max());
  const std::string bytes = packer.take();
  Unpacker unpacker(bytes);
  EXPECT_EQ(unpacker.signed_whole(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(unpacker.signed_whole(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(unpacker.signed_whole(), -1);
  EXPECT_EQ(unpacker.signed_whole(), 0);
  EXPECT_EQ(unpacker.whole(), std::numeric_limits<std::uint64_t>::max());
}

TEST(Packed, WhatWasCutOrMadeUpIsAnError) {
  Packer packer;
  packer.whole(300);
  packer.text("text");
  packer.number(1.5);
  packer.numbers(std::vector<std::uint64_t>{1, 2, 3});
  const std::string bytes = packer.take();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    Unpacker unpacker(std::string_view(bytes).substr(0, length));
    EXPECT_THROW(
        {
          unpacker.whole();
          unpacker.text();
          unpacker.number();
          unpacker.numbers<std::uint64_t>();
        },
        Error)
        << length;
  }
  Unpacker rest(bytes);
  EXPECT_THROW(rest.finish(), Error);
  const std::string endless(20, '\xff'), huge = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_THROW(Unpacker(endless).whole(), Error);
  EXPECT_THROW(Unpacker(huge).text(), Error);
  EXPECT_THROW(Unpacker(huge).numbers<double>(), Error);
}

}  // namespace
}  // namespace resident
