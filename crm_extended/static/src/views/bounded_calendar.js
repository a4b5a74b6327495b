import { serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

// Nothing that is shown lasts longer than this and reaches into the range.
const LONGEST_IN_DAYS = 31;

/**
 * A calendar of records with a start and a duration that reads what its page shows.
 *
 * The stock one has no lower bound for such records: it reads years to show a week.
 */
export class BoundedCalendarModel extends CalendarModel {
    /** @override */
    computeRangeDomain(data) {
        const earliest = data.range.start.minus({ days: LONGEST_IN_DAYS });
        return [
            ...super.computeRangeDomain(data),
            [this.meta.fieldMapping.date_start, ">=", serializeDateTime(earliest)],
        ];
    }
}

export const boundedCalendarView = { ...calendarView, Model: BoundedCalendarModel };

registry.category("views").add("crm_bounded_calendar", boundedCalendarView);
