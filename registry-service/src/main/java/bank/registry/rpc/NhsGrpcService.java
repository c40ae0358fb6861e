package bank.registry.rpc;

import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.platform.idempotency.Mutations;
import bank.platform.idempotency.Repeat;
import bank.platform.page.PageTokens;
import bank.registry.domain.Appointments;
import bank.registry.domain.Patients;
import bank.registry.domain.Slots;
import bank.registry.model.SlotPosition;
import bank.v1.Appointment;
import bank.v1.BookAppointmentRequest;
import bank.v1.CancelAppointmentRequest;
import bank.v1.GetAppointmentRequest;
import bank.v1.GetPatientRequest;
import bank.v1.ListAppointmentsRequest;
import bank.v1.ListAppointmentsResponse;
import bank.v1.ListPatientsRequest;
import bank.v1.ListPatientsResponse;
import bank.v1.ListSlotsRequest;
import bank.v1.ListSlotsResponse;
import bank.v1.NhsServiceGrpc;
import bank.v1.Patient;
import io.grpc.stub.StreamObserver;

/// `bank.v1.NhsService`.
public final class NhsGrpcService extends NhsServiceGrpc.NhsServiceImplBase {
    private final Patients patients;
    private final Slots slots;
    private final Appointments appointments;
    private final Mutations mutations;
    private final PageTokens pageTokens;

    public NhsGrpcService(
            Patients patients, Slots slots, Appointments appointments, Mutations mutations, PageTokens pageTokens) {
        this.patients = patients;
        this.slots = slots;
        this.appointments = appointments;
        this.mutations = mutations;
        this.pageTokens = pageTokens;
    }

    @Override
    public void listPatients(ListPatientsRequest request, StreamObserver<ListPatientsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var rows = patients.list(Call.current().principal(), position == null ? "" : position, size + 1);
        var page = pageTokens.cut(
                request, rows, size, person -> person.identifier().value());
        Answer.one(
                observer,
                ListPatientsResponse.newBuilder()
                        .addAllPatients(page.map(RegistryProtos::patient).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void getPatient(GetPatientRequest request, StreamObserver<Patient> observer) {
        Answer.one(
                observer,
                RegistryProtos.patient(patients.get(Call.current().principal(), request.getNhsNumber())));
    }

    @Override
    public void listSlots(ListSlotsRequest request, StreamObserver<ListSlotsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var rows = slots.listFree(
                Call.current().principal(),
                RegistryProtos.day("from", request.hasFrom(), request.getFrom()),
                RegistryProtos.day("to", request.hasTo(), request.getTo()),
                position == null ? null : SlotPosition.parse(position),
                size + 1);
        var page = pageTokens.cut(
                request, rows, size, slot -> SlotPosition.of(slot).toString());
        Answer.one(
                observer,
                ListSlotsResponse.newBuilder()
                        .addAllSlots(page.map(RegistryProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void bookAppointment(BookAppointmentRequest request, StreamObserver<Appointment> observer) {
        var caller = Call.current().principal();
        var repeat = Repeat.of(request);
        var none = Appointment.getDefaultInstance();
        Answer.one(observer, mutations.replay(repeat, none).orElseGet(() -> {
            var patient = patients.patient(caller, request.getNhsNumber());
            return mutations.run(
                    repeat,
                    none,
                    tx -> RegistryProtos.toProto(appointments.book(tx, caller, patient, request.getSlotId())));
        }));
    }

    @Override
    public void getAppointment(GetAppointmentRequest request, StreamObserver<Appointment> observer) {
        Answer.one(
                observer,
                RegistryProtos.toProto(appointments.get(Call.current().principal(), request.getId())));
    }

    @Override
    public void cancelAppointment(CancelAppointmentRequest request, StreamObserver<Appointment> observer) {
        var caller = Call.current().principal();
        Answer.one(
                observer,
                mutations.run(
                        request,
                        Appointment.getDefaultInstance(),
                        tx -> RegistryProtos.toProto(appointments.cancel(tx, caller, request.getId()))));
    }

    @Override
    public void listAppointments(ListAppointmentsRequest request, StreamObserver<ListAppointmentsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var position = pageTokens.position(request);
        var before = position == null ? Long.MAX_VALUE : Long.parseLong(position);
        var rows = appointments.list(
                Call.current().principal(), RegistryProtos.filter(request), before, size + 1);
        var page = pageTokens.cut(request, rows, size, appointment -> Long.toString(appointment.id()));
        Answer.one(
                observer,
                ListAppointmentsResponse.newBuilder()
                        .addAllAppointments(page.map(RegistryProtos::toProto).rows())
                        .setNextPageToken(page.nextToken())
                        .build());
    }
}
