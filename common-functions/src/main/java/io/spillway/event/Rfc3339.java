package io.spillway.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/**
 * Times as CloudEvents writes them: RFC 3339, read from header bytes without making a string,
 * because it happens for every event, admitted or not. Accepts all of RFC 3339 section 5.6, with
 * its lower-case letters, its space instead of {@code T}, fractions of any length and leap seconds
 * (which count as the first second of the next day); what else {@link OffsetDateTime} understands,
 * such as a time without seconds, is left to it. Years 0000 to 9999. Below a millisecond is cut
 * off. Thread safe; never throws.
 */
final class Rfc3339 {
  /** What {@link #epochMillis} says of a text that is not a time. */
  static final long INVALID = Long.MIN_VALUE;

  private static final int NOT_DIGITS = -1 << 20;
  private static final int DAYS_TO_1970 = 719_528;
  private static final int MONTHS = 16;
  private static final int LONGEST_OTHER_FORM = 40;

  /**
   * Months that were read before, by the last digit of their number, because most of the cost of a
   * time is its date and most times are of one month. Read and written by all threads without a
   * lock: a month is immutable, and who does not find his works it out.
   */
  private static final Month[] SEEN = new Month[MONTHS];

  /**
   * @param said the eight bytes that say it
   * @param firstDay days since 1970-01-01
   */
  private record Month(long said, long firstDay, int days) {}

  private Rfc3339() {}

  /** Milliseconds since the epoch, or {@link #INVALID}. */
  static long epochMillis(byte[] text) {
    long millis = usualForm(text);
    return millis == INVALID && couldBeOtherForm(text) ? otherForm(text) : millis;
  }

  private static long usualForm(byte[] text) {
    int length = text.length;
    if (length < 20
        || (text[10] | 0x20) != 't' && text[10] != ' '
        || text[13] != ':'
        || text[16] != ':') {
      return INVALID;
    }
    Month month = month(text);
    int day = twoDigits(text, 8);
    int hour = twoDigits(text, 11);
    int minute = twoDigits(text, 14);
    int second = twoDigits(text, 17);
    if (month == null
        || day < 1
        || day > month.days
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 60) {
      return INVALID;
    }
    int at = 19;
    int millis = 0;
    if (text[at] == '.') {
      int first = ++at;
      for (int unit = 100; at < length && isDigit(text[at]); at++, unit /= 10) {
        millis += unit * (text[at] - '0');
      }
      if (at == first || at == length) {
        return INVALID;
      }
    }
    int offsetMinutes = 0;
    if ((text[at] | 0x20) == 'z') {
      at++;
    } else if ((text[at] == '+' || text[at] == '-') && at + 6 == length && text[at + 3] == ':') {
      int hours = twoDigits(text, at + 1);
      int minutes = twoDigits(text, at + 4);
      if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return INVALID;
      }
      offsetMinutes = text[at] == '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
      at = length;
    }
    if (at != length) {
      return INVALID;
    }
    long minutes = (month.firstDay + day - 1) * 1440 + hour * 60 + minute - offsetMinutes;
    if (second == 60 && Math.floorMod(minutes, 1440) != 1439) {
      return INVALID;
    }
    return minutes * 60_000 + second * 1000 + millis;
  }

  /** The month that {@code YYYY-MM-} at the beginning says; null if it says none. */
  private static Month month(byte[] text) {
    long said = EightBytes.at(text, 0);
    int slot = (int) (said >>> 48) & MONTHS - 1;
    Month seen = SEEN[slot];
    if (seen != null && seen.said == said) {
      return seen;
    }
    int year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
    int number = twoDigits(text, 5);
    if (year < 0 || number < 1 || number > 12 || text[4] != '-' || text[7] != '-') {
      return null;
    }
    Month month = new Month(said, epochDay(year, number, 1), daysIn(number, year));
    SEEN[slot] = month;
    return month;
  }

  private static int twoDigits(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? NOT_DIGITS : tens * 10 + ones;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static int daysIn(int month, int year) {
    if (month == 2) {
      return isLeap(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  private static boolean isLeap(int year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** Days since 1970-01-01 in the proleptic Gregorian calendar, for years from 0 on. */
  private static long epochDay(int year, int month, int day) {
    int days = 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    days += (367 * month - 362) / 12 + day - 1;
    if (month > 2) {
      days -= isLeap(year) ? 1 : 2;
    }
    return days - DAYS_TO_1970;
  }

  /** Keeps texts that are no time at all away from the parser that fails with an exception. */
  private static boolean couldBeOtherForm(byte[] text) {
    if (text.length > LONGEST_OTHER_FORM) {
      return false;
    }
    for (byte b : text) {
      boolean used = b >= '0' && b <= ':' || b == '+' || b == '-' || b == '.';
      if (!used && (b | 0x20) != 't' && (b | 0x20) != 'z') {
        return false;
      }
    }
    return true;
  }

  private static long otherForm(byte[] text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(new String(text, StandardCharsets.US_ASCII));
      boolean inRange = time.getYear() >= 0 && time.getYear() <= 9999;
      return inRange ? time.toInstant().toEpochMilli() : INVALID;
    } catch (DateTimeException e) {
      return INVALID;
    }
  }
}
