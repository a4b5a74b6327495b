import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { BoundedCalendarModel, boundedCalendarView } from "./bounded_calendar";

/** Kinds keep their colour in the side bar, although what is overdue has another. */
export class AgendaModel extends BoundedCalendarModel {
    /** @override */
    addFilterFields(record, filterInfo) {
        if (filterInfo.fieldName === "kind") {
            return { colorIndex: record.rawRecord.color };
        }
        return super.addFilterFields(...arguments);
    }
}

/** The entries are read from many documents: opening one opens its document. */
export class AgendaController extends CalendarController {
    static template = "crm_extended.AgendaController";

    /** @override */
    async editRecord(record) {
        await this.runMethod("action_open", [record.id]);
    }

    /** @override */
    async createRecord({ start, end, isAllDay }) {
        const serialize = isAllDay ? serializeDate : serializeDateTime;
        const stop = end || (isAllDay ? start : start.plus({ hours: 1 }));
        await this.runMethod("action_plan_meeting", [], [
            serialize(start),
            serialize(stop),
            Boolean(isAllDay),
        ]);
    }

    planMeeting() {
        return this.runMethod("action_plan_meeting");
    }

    planCall() {
        return this.runMethod("action_plan_call");
    }

    async runMethod(method, ids = [], args = []) {
        const { context, resModel } = this.model.meta;
        const action = await this.orm.call(resModel, method, [ids, ...args], { context });
        await this.action.doAction(action, { onClose: () => this.model.load() });
    }
}

export const agendaView = {
    ...boundedCalendarView,
    Controller: AgendaController,
    Model: AgendaModel,
};

registry.category("views").add("crm_agenda", agendaView);
